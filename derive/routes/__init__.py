"""Stories told along their routes: chains of named moves, inequalities and cases among them."""
