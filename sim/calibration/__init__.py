"""Calibration: from the record of published facts to a posterior of the uncertain parameters, stage by stage."""
