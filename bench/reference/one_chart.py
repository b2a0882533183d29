"""One chart of 30 bars and a control: the smallest page that could be of use."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

picked = st.segmented_control("Period", ["4 weeks", "8 weeks"], default="4 weeks", required=True)
values = np.arange(30.0) + (1 if picked == "4 weeks" else 7) * np.sin(np.arange(30.0))
figure = go.Figure(layout={"showlegend": False, "height": 300})
figure.add_bar(x=np.arange(30), y=values)
st.plotly_chart(figure, key="chart")
