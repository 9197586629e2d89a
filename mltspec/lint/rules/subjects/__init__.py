"""Rules about models, data and jobs: what a spec names outside of itself."""
