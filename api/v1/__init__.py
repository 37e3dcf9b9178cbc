"""The integration API, version 1."""

from api.v1 import (
    app_codes,
    codes,
    directory,
    entries,
    evaluations,
    intake,
    integrators,
    notices,
    opinions,
    orders,
    recordings,
    statistics,
)

ENDPOINTS = (
    *intake.ENDPOINTS,
    *recordings.ENDPOINTS,
    *evaluations.ENDPOINTS,
    *entries.ENDPOINTS,
    *statistics.ENDPOINTS,
    *orders.ENDPOINTS,
    *opinions.ENDPOINTS,
    *notices.ENDPOINTS,
    *directory.ENDPOINTS,
    *codes.ENDPOINTS,
    *app_codes.ENDPOINTS,
    *integrators.ENDPOINTS,
)
