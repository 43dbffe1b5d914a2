"""The platform's keys of a DynamoDB store in AWS Secrets Manager: named by a URL, never made, never told."""

import json
from collections.abc import Iterator
from contextlib import closing

import boto3
import pytest
from moto import mock_aws
from tests.integration.application.house import ADMIN, ZEBU, refusal

from quantleap.adapters.secrets.kept_keys import new_keys
from quantleap.adapters.store.seam import StoreMissingError
from quantleap.composition import compose
from quantleap.composition.secrets import open_secret
from quantleap.composition.stores import open_store
from quantleap.domain.errors import InvalidInputError
from quantleap.ports.errors import MisconfiguredError, UnavailableError

REGION = "ap-south-1"
STORE = f"dynamodb://KeysInAws?region={REGION}"
KEYS = f"secretsmanager://quantleap/keys?region={REGION}"


@pytest.fixture
def aws() -> Iterator[None]:
    """DynamoDB and Secrets Manager, as moto plays them, with one secret."""
    with mock_aws():
        client = boto3.client("secretsmanager", region_name=REGION)
        client.create_secret(Name="quantleap/keys", SecretString=json.dumps(new_keys()))
        yield


@pytest.mark.usefixtures("aws")
def test_a_store_works_with_them_and_notes_whose_it_is() -> None:
    with compose(STORE, keys=KEYS) as app:
        app.claiming.claim()
        made = app.partners.create(ADMIN, ZEBU)
    with compose(STORE, keys=KEYS, may_create=False) as again:
        assert again.claiming.check()
        assert again.authentication.partner(made.issued.key.api_key, made.issued.secret).partner_id == ZEBU
    with compose(STORE, keys=f"secretsmanager://other?region={REGION}", may_create=False) as others:
        error = refusal(others.claiming.check)
    assert type(error) is MisconfiguredError
    assert str(error) == "the secret other does not exist: put the text of a key file into it"


@pytest.mark.usefixtures("aws")
def test_where_there_is_no_secret_no_table_is_made() -> None:
    with pytest.raises(MisconfiguredError, match="the secret none does not exist"):
        compose(STORE, keys=f"secretsmanager://none?region={REGION}")
    engine, _ = open_store(STORE, keys=KEYS, may_create=False)
    with closing(engine), pytest.raises(StoreMissingError):
        engine.scan()


NO_NAME = "keys: must be a file, or secretsmanager:// and a secret's name or ARN"
NO_OPTIONS = "keys: may have the options region and endpoint, each once and not empty"


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("secretsmanager://", NO_NAME),
        ("secretsmanager://?region=ap-south-1", NO_NAME),
        ("secretsmanager://a b", NO_NAME),
        ("secretsmanager://me:s3cret@keys", NO_NAME),
        ("secretsmanager://arn:aws:s3:::bucket", NO_NAME),
        (f"secretsmanager://{'a' * 513}", NO_NAME),
        ("secretsmanager://keys?regoin=ap-south-1", NO_OPTIONS),
        ("secretsmanager://keys?region=", NO_OPTIONS),
        ("secretsmanager://keys?region=a&region=b", NO_OPTIONS),
    ],
)
def test_a_url_of_no_secret_is_refused_with_what_to_write(url: str, line: str) -> None:
    with pytest.raises(InvalidInputError) as error:
        open_secret(url)
    assert str(error.value) == line


@pytest.mark.parametrize(
    "name",
    ["keys", "quantleap/prod/keys", f"arn:aws:secretsmanager:{REGION}:123456789012:secret:quantleap/keys-AbCdEf"],
)
def test_a_secret_is_named_by_its_name_or_its_arn(name: str) -> None:
    """Of one that cannot be reached the refusal tells the name."""
    secret = open_secret(f"secretsmanager://{name}?region={REGION}&endpoint=http://127.0.0.1:9")
    error = refusal(secret.hash_key)
    assert type(error) is UnavailableError
    assert str(error).startswith(f"the secret {name} cannot be read now")
