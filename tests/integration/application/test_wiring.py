"""Use cases are built when they are first read: each can be, as what it is typed as, and once."""

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from inspect import get_annotations

import pytest
from attrs.exceptions import FrozenInstanceError

from quantleap.composition import Application, compose
from quantleap.composition.use_case import UseCase
from quantleap.composition.wiring import ADAPTERS

NAMES = [name for name, each in vars(Application).items() if isinstance(each, UseCase)]


@pytest.mark.parametrize("name", NAMES)
def test_each_is_built_once_and_is_what_it_is_typed_as(name: str) -> None:
    kind = vars(Application)[name].kind
    assert get_annotations(Application)[name] == f"UseCase[{kind.__name__}]"
    with compose("memory://") as app:
        built = getattr(app, name)
        assert getattr(app, name) is built
        if kind.__module__.startswith("quantleap.application."):
            assert type(built) is kind


@pytest.mark.parametrize("port", ADAPTERS)
def test_each_port_has_an_adapter(port: str) -> None:
    module, _, name = f"quantleap.ports.{port}".rpartition(".")
    with compose("memory://") as app:
        built = app._wiring.get(getattr(import_module(module), name))
        assert app._wiring.get(getattr(import_module(module), name)) is built


def test_threads_that_read_one_at_the_same_time_get_the_same() -> None:
    with compose("memory://") as app, ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: app.subscribing, range(64)))
    assert len(set(map(id, found))) == 1


def test_none_can_be_replaced() -> None:
    with compose("memory://") as app, pytest.raises(FrozenInstanceError):
        app.subscribing = app.subscribing  # type: ignore[misc, unused-ignore] # it is what is tried here
