"""Estimators: plain numbers in, a frozen result out. No Django here."""
