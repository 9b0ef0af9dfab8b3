# The risk assessment: which path and why, what is wrong with judgements, what an approval must demand.

risk-path = { $path }: { $reason }
risk-path-caution = { $path }, to be careful. We do not know whether this applies: { $reason }
risk-highest = “{ $factor }” is rated { $rating }, the highest of the factors.
risk-set = The rating { $rating } demands “{ $set }”.
risk-set-caution = The rating { $rating } demands “{ $set }”. We do not know enough to leave it out.
risk-not-of-path = Take out the judgement on “{ $factor }”. This path does not ask for it.
risk-judged-twice = Judge “{ $factor }” once.
risk-not-judged = Judge “{ $factor }”.
risk-off-scale = Choose a likelihood and an impact for “{ $factor }” from the scales.
risk-residual-above = Lower what remains of “{ $factor }”. Controls cannot raise a risk.
risk-unknown-control = Choose a control of the pack for “{ $factor }”. “{ $control }” is not one.
risk-no-control = Name the controls that lower “{ $factor }”.
risk-no-outcome = Ask an administrator to correct the pack. It has no outcome for this rating.
