"""The rules of the model: pure functions of numbers, each named for what it returns.

Three shapes: *elementwise* (written for one number, lifted to arrays), *segment* (sums over an organisation's ties) and
the *linear predictor* (named terms added on the logit scale).
"""
