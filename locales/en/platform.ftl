error-subject-destroyed = This was destroyed. Nothing can be added to it.
refusal-nothing-permits = You do not have permission to do this.
