"""The function authorizer."""

from quantleap.entrypoints.lambdas.starting import collector_off

with collector_off():
    from quantleap.entrypoints.lambdas.authorizing import Authorizer
    from quantleap.entrypoints.lambdas.tracing import traced_where_wanted

    _function = Authorizer()
    _function.prepare()
    handler = traced_where_wanted(_function.handle)
    """What Lambda calls with each event and its context."""
