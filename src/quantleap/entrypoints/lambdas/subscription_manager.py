"""The function subscription-manager."""

from quantleap.entrypoints.lambdas.starting import collector_off

with collector_off():
    from quantleap.entrypoints.lambdas.api_function import ApiFunction
    from quantleap.entrypoints.lambdas.tracing import traced_where_wanted

    _function = ApiFunction("subscription-manager")
    _function.prepare()
    handler = traced_where_wanted(_function.handle)
    """What Lambda calls with each event and its context."""
