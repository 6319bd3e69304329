"""What happens between showing a form and saving it: others save, sessions end, servers go away."""
