# What a type checker reads in place of __init__.py, whose names load when they are first asked for.
from models.fit import SamplerConfig as SamplerConfig
from models.forecast import Forecast as Forecast
from models.inference import fit as fit
from models.leader_model import build_leader_model as build_leader_model
from models.link_priors import LeaderPriors as LeaderPriors
from models.past_forecasts import backtest as backtest
from models.polls import build_poll_model as build_poll_model
from models.priors import PollPriors as PollPriors
from models.scenario import Scenario as Scenario
from models.scenario import compare as compare
from models.scenario import run_scenario as run_scenario
from models.seat_projection import project_seats as project_seats
