register-country-unknown = Choose a country from the list
register-choose-one = Choose one of the options
