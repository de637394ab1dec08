"""Roles: what somebody is to an account."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """As what a party stands on an account. Its message goes to the primary debtor, and to nobody else."""

    DEBTOR = "debtor"
    JOINT_DEBTOR = "joint_debtor"
    GUARANTOR = "guarantor"
    PAYER = "payer"
    CONTACT = "contact"
    REPRESENTATIVE = "representative"
