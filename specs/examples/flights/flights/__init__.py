"""Flights out of New York in 2013: at take-off, will this one arrive late?"""
