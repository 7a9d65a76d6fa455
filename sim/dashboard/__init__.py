"""The students' web page: sliders, pictures and the network, month by month (`python -m sim.dashboard`)."""
