"""The integration API, version 1."""

from api.v1 import (
    codes,
    directory,
    entries,
    evaluations,
    intake,
    integrators,
    notices,
    opinions,
    orders,
    statistics,
)

ENDPOINTS = (
    *intake.ENDPOINTS,
    *evaluations.ENDPOINTS,
    *entries.ENDPOINTS,
    *statistics.ENDPOINTS,
    *orders.ENDPOINTS,
    *opinions.ENDPOINTS,
    *notices.ENDPOINTS,
    *directory.ENDPOINTS,
    *codes.ENDPOINTS,
    *integrators.ENDPOINTS,
)
