# What data about people is found in texts and files, and how sure a finding is.
screen-kind-uk-nino = National Insurance number
screen-kind-uk-nhs = NHS number
screen-kind-date-of-birth = date of birth
screen-kind-uk-bank-account = bank account
screen-kind-iban = IBAN
screen-kind-payment-card = payment card
screen-kind-uk-passport = passport number
screen-kind-uk-driving-licence = driving licence number
screen-kind-email = e-mail address
screen-kind-phone = telephone number
screen-kind-uk-postcode = postcode
screen-kind-ip = IP address
screen-confidence-low = could be something else
screen-confidence-medium = likely
screen-confidence-high = as good as certain
