"""The integration API, version 1."""

from api.v1 import codes, directory, evaluations, intake, integrators, opinions, orders

ENDPOINTS = (
    *intake.ENDPOINTS,
    *evaluations.ENDPOINTS,
    *orders.ENDPOINTS,
    *opinions.ENDPOINTS,
    *directory.ENDPOINTS,
    *codes.ENDPOINTS,
    *integrators.ENDPOINTS,
)
