"""The cost with its penalty as a function of the parameters: values, derivatives, coordinates."""
