"""Clients of AWS services, all of one session.

They are boto3's own, taken from botocore, which makes them: boto3 around it loads what transfers files to S3.
"""

from functools import cache
from threading import Lock
from typing import Any

from botocore.config import Config
from botocore.session import Session, get_session

_MAKING = Lock()
"""A session makes clients for one thread at a time; a client serves all."""


def aws_client(service: str, *, region: str | None, endpoint: str | None, config: Config) -> Any:
    """A client of that service. Raises botocore's errors for a region or endpoint that is none."""
    with _MAKING:
        return _session().create_client(service, region_name=region, endpoint_url=endpoint, config=config)


@cache
def _session() -> Session:
    """One a process: it reads the services' models and the environment's credentials, once."""
    return get_session()
