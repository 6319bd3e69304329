/* A button that copies the new token, where the browser lets a page do that. Without it a click selects the whole token. */
'use strict';
window.addEventListener('load', () => {
    const token = document.getElementById('qb-token');
    const button = document.getElementById('qb-copy');
    if (!token || !button || !navigator.clipboard) {
        return;
    }
    button.hidden = false;
    button.addEventListener('click', async () => {
        const said = document.getElementById('qb-copied');
        try {
            await navigator.clipboard.writeText(token.textContent);
            said.textContent = 'Copied.';
        } catch {
            document.getSelection().selectAllChildren(token);
            said.textContent = 'Selected: copy it with the keyboard.';
        }
    });
});
