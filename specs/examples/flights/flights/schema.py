"""The model's inputs: their names, their order, and what the model may assume about them.

The figures are written down, not computed, so that the model is built in a blink, is the same
wherever it is built, and shows in review when they change. They describe the training months.
"""

from typing import NamedTuple


class Number(NamedTuple):
    """What is usual for a number: it scales the input, and fills a missing value."""

    mean: float
    deviation: float


NUMBERS: dict[str, Number] = {
    "dep_delay": Number(13.6, 41.9),  # minutes, negative when early
    "distance": Number(1046.0, 737.0),  # miles
    "sched_hour": Number(13.6, 4.7),  # local time of the scheduled departure, 0..24
    "temp": Number(59.6, 18.5),  # degrees Fahrenheit, as is all weather at the airport of departure
    "humid": Number(59.0, 19.7),  # percent
    "wind_speed": Number(11.1, 5.5),  # miles an hour
    "precip": Number(0.005, 0.032),  # inches in the hour
    "visib": Number(9.3, 1.95),  # miles, at most 10
    "weather_known": Number(1.0, 1.0),  # 1 or 0
    "plane_age": Number(11.7, 6.5),  # years
    "seats": Number(137.0, 72.0),
    "plane_known": Number(0.84, 0.37),  # 1 or 0
}

CARRIERS = "9E AA AS B6 DL EV F9 FL HA MQ OO UA US VX WN YV"
ORIGINS = "EWR JFK LGA"
DESTINATIONS = """
    ABQ ACK ALB ANC ATL AUS AVL BDL BGR BHM BNA BOS BQN BTV BUF BUR BWI BZN CAE CAK CHO CHS CLE CLT CMH
    CRW CVG DAY DCA DEN DFW DSM DTW EGE EYW FLL GRR GSO GSP HDN HNL HOU IAD IAH ILM IND JAC JAX LAS LAX
    LGB MCI MCO MDW MEM MHT MIA MKE MSN MSP MSY MTJ MVY MYR OAK OKC OMA ORD ORF PBI PDX PHL PHX PIT PSE
    PSP PVD PWM RDU RIC ROC RSW SAN SAT SAV SBN SDF SEA SFO SJC SJU SLC SMF SNA SRQ STL STT SYR TPA TUL
    TVC TYS XNA
"""

# Whatever is not listed shares one embedding, as does Lexington (LEX), first flown to in November.
CATEGORIES: dict[str, list[str]] = {
    "carrier": CARRIERS.split(),
    "origin": ORIGINS.split(),
    "dest": DESTINATIONS.split(),
}
