"""Where the embedded servers are, or those that the environment names instead. Starts nothing."""

import contextlib
import hashlib
import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from config.embedded.processes import EmbeddedError, make_folder

BASE_DIR = Path(__file__).resolve().parent.parent.parent
NAME = "creator_desk"
# sockaddr_un holds 107 characters.
SOCKET_PATH_BYTES = 100


def local_dir() -> Path:
    """The folder of everything that is not source: data, sockets, uploads, the secret key."""
    return Path(os.environ.get("CREATOR_DESK_LOCAL") or BASE_DIR / ".local").absolute()


def socket_dir() -> Path:
    """The folder of both sockets: in `local_dir()`, or a short one under /tmp when that path is too long."""
    folder = local_dir() / "run"
    if len(os.fsencode(folder / ".s.PGSQL.5432")) <= SOCKET_PATH_BYTES:
        return folder
    digest = hashlib.sha256(os.fsencode(local_dir())).hexdigest()[:12]
    return Path(f"/tmp/creator-desk-{os.getuid()}-{digest}")


def valkey_socket() -> Path:
    """Valkey's socket."""
    return socket_dir() / "valkey.sock"


def own_database_url() -> str:
    """The address of the embedded PostgreSQL."""
    return f"postgresql://{NAME}@{quote(str(socket_dir()), safe='')}/{NAME}"


def own_redis_url() -> str:
    """The address of the embedded Valkey."""
    return f"unix://{quote(str(valkey_socket()))}?db=0"


def database_url() -> str:
    """DATABASE_URL, else the address of the embedded PostgreSQL."""
    return os.environ.get("DATABASE_URL") or own_database_url()


def redis_url() -> str:
    """REDIS_URL (the cache), else the address of the embedded Valkey."""
    return os.environ.get("REDIS_URL") or own_redis_url()


def celery_url() -> str:
    """CELERY_BROKER_URL, else the database after that of `redis_url()`: clearing the cache must not lose messages."""
    if url := os.environ.get("CELERY_BROKER_URL"):
        return url
    parts = urlsplit(redis_url())
    if parts.scheme == "unix":
        number = int(parse_qs(parts.query).get("db", ["0"])[0])
        return f"redis+socket://{parts.path}?virtual_host={number + 1}"
    return parts._replace(path=f"/{int(parts.path.strip('/') or 0) + 1}").geturl()


def uses_own_postgres() -> bool:
    """Whether DATABASE_URL names the embedded PostgreSQL, or nothing."""
    return urlsplit(database_url()).netloc == urlsplit(own_database_url()).netloc


def uses_own_valkey() -> bool:
    """Whether REDIS_URL names the embedded Valkey, or nothing."""
    return urlsplit(redis_url())[:3] == urlsplit(own_redis_url())[:3]


def secret_key() -> str:
    """The key of this checkout, made at first use. A deployment (another DATABASE_URL) must bring SECRET_KEY itself."""
    if not uses_own_postgres():
        raise EmbeddedError("Set SECRET_KEY to a long random text: a deployment with DATABASE_URL has no default key.")
    path = local_dir() / "secret_key"
    if not path.exists():
        make_folder(local_dir())
        draft = path.with_name(f"secret_key.{os.getpid()}")
        draft.write_text(secrets.token_urlsafe(50))
        draft.chmod(0o600)
        # link, not rename: who comes second keeps the first one's key.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text()
