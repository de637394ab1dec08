"""Roles: what somebody is to an account."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """As what a party stands on an account. Its message goes to the primary debtor; others may get a copy."""

    DEBTOR = "debtor"
    JOINT_DEBTOR = "joint_debtor"
    GUARANTOR = "guarantor"
    PAYER = "payer"
    CONTACT = "contact"
    REPRESENTATIVE = "representative"
    ACCOUNTS_PAYABLE = "accounts_payable"
    SITE_MANAGER = "site_manager"
    SALES_REPRESENTATIVE = "sales_representative"


COPIED = tuple(role for role in Role if role is not Role.DEBTOR)
"""The roles that a step may send copies to."""
