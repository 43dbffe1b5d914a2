"""The routes of admins: template baskets and their strategies, the marketplace, partners and their key pairs."""

from functools import partial

from quantleap.domain.errors import (
    AlreadyExistsError,
    ApiKeyNotFoundError,
    ConcurrentUpdateError,
    InvalidListingMoveError,
    KeyAlreadyRotatedError,
    KeyNotUsableError,
    PartnerNotFoundError,
    SecretShownBeforeError,
    StrategyNotFoundError,
    TemplateNotFoundError,
)
from quantleap.domain.identifiers import FORMS, PartnerId
from quantleap.entrypoints.api.parameters import choice, paging
from quantleap.entrypoints.api.route import Caller, Function, Method, Parameter, Route
from quantleap.entrypoints.api.routes.filters import OfferedStatus

_route = partial(Route, caller=Caller.ADMIN, function=Function.MARKETPLACE_MANAGER)
_published = partial(_route, is_published=True)

_CHANGING = (TemplateNotFoundError, InvalidListingMoveError, ConcurrentUpdateError)

# Baskets

_BASKETS = "/admin/baskets"
_BASKET = f"{_BASKETS}/{{basket_id}}"

_BASKET_ROUTES = (
    _route(
        name="adminListBaskets",
        method=Method.GET,
        path=_BASKETS,
        summary="List every template basket, listed or not, without its strategies",
        parameters=paging(50),
        endpoint="admin_catalog:listed",
        rendering="admin_catalog:overviews",
        answer="answers_admin:BasketList",
    ),
    _route(
        name="adminCreateBasket",
        method=Method.POST,
        path=_BASKETS,
        summary="Create a template basket, which is not listed yet",
        endpoint="admin_catalog:create",
        rendering="admin_catalog:basket",
        body="admin_bodies:BasketDocument",
        answer="answers_admin:AuthoredBasket",
        status=201,
        may_refuse=(AlreadyExistsError,),
    ),
    _route(
        name="adminGetBasket",
        method=Method.GET,
        path=_BASKET,
        summary="Show a template basket, strategies and all",
        endpoint="admin_catalog:shown",
        rendering="admin_catalog:basket",
        answer="answers_admin:AuthoredBasket",
        may_refuse=(TemplateNotFoundError,),
    ),
    _route(
        name="adminEditBasket",
        method=Method.PUT,
        path=_BASKET,
        summary="Replace a template basket; its subscribers follow from the next run on",
        endpoint="admin_catalog:edit",
        rendering="admin_catalog:basket",
        body="admin_bodies:EditedBasket",
        answer="answers_admin:AuthoredBasket",
        may_refuse=(*_CHANGING, AlreadyExistsError),
    ),
    _route(
        name="adminDeleteBasket",
        method=Method.DELETE,
        path=_BASKET,
        summary="Delete a template basket that was never listed",
        endpoint="admin_catalog:delete",
        rendering="admin_catalog:deleted",
        answer="answers_admin:DeletedBasket",
        may_refuse=_CHANGING,
    ),
    _route(
        name="adminPreviewEdit",
        method=Method.POST,
        path=f"{_BASKET}/preview",
        summary="Show whom an edit would reach, and the lots of every leg before and after; nothing is written",
        endpoint="admin_catalog:preview",
        rendering="admin_preview:edit_preview",
        is_read=True,
        body="admin_bodies:BasketDocument",
        answer="answers_admin:EditPreview",
        may_refuse=(TemplateNotFoundError, InvalidListingMoveError),
    ),
)

# Strategies

_STRATEGIES = f"{_BASKET}/strategies"
_STRATEGY = f"{_STRATEGIES}/{{strategy_id}}"

_STRATEGY_ROUTES = (
    _route(
        name="adminListStrategies",
        method=Method.GET,
        path=_STRATEGIES,
        summary="List the strategies of a basket",
        endpoint="admin_catalog:shown",
        rendering="admin_catalog:strategies",
        answer="answers_admin:StrategyList",
        may_refuse=(TemplateNotFoundError,),
    ),
    _route(
        name="adminAddStrategy",
        method=Method.POST,
        path=_STRATEGIES,
        summary="Add a strategy to a basket",
        endpoint="admin_catalog:add_strategy",
        rendering="admin_catalog:strategy",
        body="admin_bodies:StrategyDocument",
        answer="answers_admin:AuthoredStrategy",
        status=201,
        may_refuse=(*_CHANGING, AlreadyExistsError),
    ),
    _route(
        name="adminGetStrategy",
        method=Method.GET,
        path=_STRATEGY,
        summary="Show a strategy of a basket",
        endpoint="admin_catalog:strategy",
        rendering="admin_catalog:strategy",
        answer="answers_admin:AuthoredStrategy",
        may_refuse=(TemplateNotFoundError, StrategyNotFoundError),
    ),
    _route(
        name="adminReplaceStrategy",
        method=Method.PUT,
        path=_STRATEGY,
        summary="Replace a strategy of a basket",
        endpoint="admin_catalog:replace_strategy",
        rendering="admin_catalog:strategy",
        body="admin_bodies:StrategyDocument",
        answer="answers_admin:AuthoredStrategy",
        may_refuse=(*_CHANGING, StrategyNotFoundError),
    ),
    _route(
        name="adminRemoveStrategy",
        method=Method.DELETE,
        path=_STRATEGY,
        summary="Remove a strategy from a basket",
        endpoint="admin_catalog:remove_strategy",
        rendering="admin_catalog:strategy_removed",
        answer="answers_admin:RemovedStrategy",
        may_refuse=(*_CHANGING, StrategyNotFoundError),
    ),
)

# The marketplace

_LISTINGS = "/admin/marketplace/templates"
_LISTING = f"{_LISTINGS}/{{basket_id}}"

_LISTING_ROUTES = (
    _published(
        name="adminListTemplates",
        method=Method.GET,
        path=_LISTINGS,
        summary="List the templates that are or were on the marketplace",
        parameters=(
            choice("status", "Only those on the marketplace, or those taken off it.", OfferedStatus),
            *paging(20),
        ),
        endpoint="admin_catalog:listings",
        rendering="admin_catalog:listings",
        answer="answers_admin:OwnTemplateList",
    ),
    _published(
        name="adminEnableListing",
        method=Method.POST,
        path=_LISTING,
        summary="Put a template on the marketplace",
        endpoint="admin_catalog:enable",
        rendering="admin_catalog:listing_moved",
        answer="answers_admin:MovedListing",
        may_refuse=_CHANGING,
    ),
    _published(
        name="adminReviseListing",
        method=Method.PUT,
        path=_LISTING,
        summary="Change what the marketplace shows of a template; a price reaches new subscribers only",
        endpoint="admin_catalog:revise_listing",
        rendering="admin_catalog:listing",
        body="admin_bodies:RevisedListing",
        answer="answers_admin:BasketListing",
        may_refuse=_CHANGING,
    ),
    _published(
        name="adminDisableListing",
        method=Method.DELETE,
        path=_LISTING,
        summary="Take a template off the marketplace; its subscribers are still served",
        endpoint="admin_catalog:disable",
        rendering="admin_catalog:listing_moved",
        answer="answers_admin:MovedListing",
        may_refuse=_CHANGING,
    ),
)

# Partners

_PARTNERS = "/admin/partners"
_PARTNER = f"{_PARTNERS}/{{partner_id}}"

_PARTNER_ROUTES = (
    _route(
        name="adminListPartners",
        method=Method.GET,
        path=_PARTNERS,
        summary="List every partner of both modes",
        parameters=paging(50),
        endpoint="admin_partners:listed",
        rendering="admin_partners:partners",
        answer="answers_admin:PartnerList",
    ),
    _route(
        name="adminCreatePartner",
        method=Method.POST,
        path=_PARTNERS,
        summary="Create a partner with its first key pair, whose secret is shown this once",
        endpoint="admin_partners:create",
        rendering="admin_partners:new_partner",
        body="admin_bodies:NewPartner",
        answer="answers_admin:MadePartner",
        status=201,
        may_refuse=(AlreadyExistsError, SecretShownBeforeError),
        secret_of="api_key_id",  # noqa: S106 - the name of a field
    ),
    _route(
        name="adminGetPartner",
        method=Method.GET,
        path=_PARTNER,
        summary="Show a partner and what was agreed with it",
        endpoint="admin_partners:shown",
        rendering="admin_partners:partner",
        answer="answers_admin:Partner",
        may_refuse=(PartnerNotFoundError,),
    ),
    _route(
        name="adminRevisePartner",
        method=Method.PUT,
        path=_PARTNER,
        summary="Change a partner's name, broker, base commission, rate limit or disclosure",
        endpoint="admin_partners:revise",
        rendering="admin_partners:partner",
        body="admin_bodies:RevisedPartner",
        answer="answers_admin:Partner",
        may_refuse=(PartnerNotFoundError, ConcurrentUpdateError),
    ),
)

# Key pairs

_KEYS = "/admin/partner-api-keys"
_KEY = f"{_KEYS}/{{api_key_id}}"

_KEY_ROUTES = (
    _published(
        name="adminListApiKeys",
        method=Method.GET,
        path=_KEYS,
        summary="List a partner's key pairs",
        parameters=(
            Parameter(
                name="partner_id",
                about="Whose they are.",
                read=PartnerId.parse,
                schema={"type": "string", "pattern": f"^{FORMS['partner_id']}$"},
                is_required=True,
            ),
            *paging(50),
        ),
        endpoint="admin_api_keys:listed",
        rendering="admin_partners:key_list",
        answer="answers_admin:ApiKeyList",
        may_refuse=(PartnerNotFoundError,),
    ),
    _published(
        name="adminCreateApiKey",
        method=Method.POST,
        path=_KEYS,
        summary="Issue a further key pair, whose secret is shown this once",
        endpoint="admin_api_keys:create",
        rendering="admin_partners:issued",
        body="admin_bodies:NewApiKey",
        answer="answers_admin:IssuedApiKey",
        status=201,
        may_refuse=(PartnerNotFoundError, SecretShownBeforeError),
        secret_of="api_key_id",  # noqa: S106 - the name of a field
    ),
    _published(
        name="adminGetApiKey",
        method=Method.GET,
        path=_KEY,
        summary="Show a key pair, without its halves",
        endpoint="admin_api_keys:shown",
        rendering="admin_partners:key_use",
        answer="answers_admin:UsedApiKey",
        may_refuse=(ApiKeyNotFoundError,),
    ),
    _published(
        name="adminPermitApiKey",
        method=Method.PUT,
        path=_KEY,
        summary="Change what a key pair may do",
        endpoint="admin_api_keys:permit",
        rendering="admin_partners:key",
        body="admin_bodies:PermittedApiKey",
        answer="answers_admin:ApiKey",
        may_refuse=(ApiKeyNotFoundError, ConcurrentUpdateError),
    ),
    _published(
        name="adminRevokeApiKey",
        method=Method.DELETE,
        path=_KEY,
        summary="Make a key pair useless at once",
        endpoint="admin_api_keys:revoke",
        rendering="admin_partners:revoked",
        answer="answers_admin:RevokedApiKey",
        may_refuse=(ApiKeyNotFoundError, ConcurrentUpdateError),
    ),
    _route(
        name="adminRotateApiKey",
        method=Method.POST,
        path=f"{_KEY}/rotate",
        summary="Replace a key pair; the old one works on for the overlap, the new secret is shown this once",
        endpoint="admin_api_keys:rotate",
        rendering="admin_partners:issued",
        body="admin_bodies:RotatedApiKey",
        is_body_optional=True,
        answer="answers_admin:IssuedApiKey",
        status=201,
        may_refuse=(
            ApiKeyNotFoundError,
            KeyAlreadyRotatedError,
            KeyNotUsableError,
            ConcurrentUpdateError,
            SecretShownBeforeError,
        ),
        secret_of="api_key_id",  # noqa: S106 - the name of a field
    ),
)

ADMIN_ROUTES = (*_BASKET_ROUTES, *_STRATEGY_ROUTES, *_LISTING_ROUTES, *_PARTNER_ROUTES, *_KEY_ROUTES)
