"""Engines: where many runs are simulated. Processes of this machine, a Dask or Ray cluster, SLURM, or a joblib backend."""
