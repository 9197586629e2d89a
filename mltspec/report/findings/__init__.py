"""Findings in the forms that other tools read: SARIF, GitHub's annotations, GitLab's code quality, and JSON."""
