"""The cellar: what every app may stand on. It imports no app and holds no business rule."""
