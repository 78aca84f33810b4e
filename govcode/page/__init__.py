"""The coding page: people code posts in the browser, on their own machine."""
