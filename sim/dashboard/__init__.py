"""The students' web page: sliders, pictures and the network by month (`python -m sim.dashboard`)."""
