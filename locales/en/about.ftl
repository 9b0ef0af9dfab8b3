### Help, accessibility and privacy: the pages at the foot of every page.

about-ask = Ask somebody
about-ask-text = Write to { $authority }. Say which page you were on, and the request id if you saw one.
about-help = Help
about-help-what = What this service is for
about-help-what-text = Suppliers tell the authority about work, data or access abroad before it starts. The authority checks, assesses and decides. Both sides see where a proposal stands.
about-help-propose = How to propose work abroad
about-help-propose-text = Open Proposals and choose “Propose work abroad”. Choose the contract, then answer section by section. | When every section is done, check your answers, confirm the declaration and submit. You get a reference at once. Only a lead person of the lead contractor can submit.
about-help-save = Saving
about-help-save-text = A draft saves itself while you type, and says so under the questions. You can leave and come back. Several people can answer side by side.
about-help-decide = Decisions
about-help-decide-text = Whoever assessed, recommended or submitted a proposal never decides on it. A decision asks you to sign in again. Nothing is undone: a new decision follows an old one.
about-help-refused = When a page is not there
about-help-refused-text = You see what your role and your organisation may see. Other pages answer that they are not there.
about-access = Accessibility
about-access-how = How you can use this service
about-access-how-text = Every page works with the keyboard alone, with a screen reader, at 320 pixels wide and at 400 % zoom. It works without JavaScript, and follows the light or dark setting of your device.
about-access-tested = How it was tested
about-access-tested-text = Tests open the pages in a browser and look for faults against WCAG 2.2, level AA. Nobody outside the project has audited it yet. Tell us what gets in your way.
about-privacy = Privacy
about-privacy-kept = What is kept
about-privacy-kept-text = Your name, your e-mail address, your roles, and what you did here and when. Proposals name a contact person. Every act is written into a ledger that cannot be changed unseen; people’s words in it are encrypted.
about-privacy-who = Who sees it
about-privacy-who-text = The authority reads what is submitted. A supplier reads what belongs to its own place in a contract and those below it. Nobody else does.
about-privacy-cookies = Cookies
about-privacy-cookies-text = Only those that keep you signed in and recognise your browser. Nothing is loaded from elsewhere, and nobody is counted or followed.
