//! The closed lists of the United Kingdom's regulator, by its own words.

/// A closed list: its entries with what the regulator calls each, in its order.
macro_rules! closed {
    ($(#[$about:meta])* $name:ident { $($entry:ident = $label:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = $label] $entry),+
        }

        impl $name {
            /// Every entry, in the regulator's order.
            pub const ALL: &'static [Self] = &[$(Self::$entry),+];

            /// What the regulator calls it.
            pub fn label(self) -> &'static str {
                match self {
                    $(Self::$entry => $label),+
                }
            }

            /// The entry that the regulator calls so.
            pub fn from_label(label: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|entry| entry.label() == label)
            }
        }
    };
}

/// The codes of a closed list, by which forms name its entries.
macro_rules! coded_entries {
    ($name:ident { $($entry:ident = $code:literal),+ $(,)? }) => {
        impl $name {
            /// The code that forms use for it.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$entry => $code),+
                }
            }

            /// The entry with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|entry| entry.code() == code)
            }
        }
    };
}

closed! {
    /// What happened.
    IncidentType {
        AlterationOfPersonalData = "Alteration of personal data",
        BruteForce = "Brute Force",
        CryptographicFlaw = "Cryptographic flaw",
        EmailedToIncorrectRecipient = "Data emailed to incorrect recipient",
        WrongDataSubjectInPortal = "Data of wrong data subject shown in client portal",
        PostedOrFaxedToIncorrectRecipient = "Data posted or faxed to incorrect recipient",
        DenialOfService = "Denial of service",
        FailureToRedact = "Failure to redact",
        FailureToUseBcc = "Failure to use bcc",
        Misconfiguration = "Hardware/software misconfiguration",
        IncorrectDisposalOfHardware = "Incorrect disposal of hardware",
        IncorrectDisposalOfPaperwork = "Incorrect disposal of paperwork",
        LossOrTheftOfDevice = "Loss/theft of device containing personal data",
        LossOrTheftOfPaperwork = "Loss/theft of paperwork or data left in insecure location",
        Malware = "Malware",
        NotProvided = "Not Provided",
        OtherCyber = "Other cyber incident",
        OtherNonCyber = "Other non-cyber incident",
        Phishing = "Phishing",
        Ransomware = "Ransomware",
        UnauthorisedAccess = "Unauthorised access",
        VerbalDisclosure = "Verbal disclosure of personal data",
    }
}

closed! {
    /// Whether it came about by technical means.
    IncidentCategory {
        Cyber = "Cyber",
        NonCyber = "Non Cyber",
    }
}

closed! {
    /// What the data tells.
    DataType {
        BasicPersonalIdentifiers = "Basic personal identifiers",
        CriminalConvictions = "Criminal convictions or offences",
        RacialOrEthnicOrigin = "Data revealing racial or ethnic origin",
        EconomicAndFinancial = "Economic and financial data",
        GenderReassignment = "Gender Reassignment Data",
        GeneticOrBiometric = "Genetic or biometric data",
        Health = "Health data",
        Identification = "Identification data",
        Location = "Location data",
        OfficialDocuments = "Official documents",
        PoliticalOpinions = "Political opinions",
        Beliefs = "Religious or philosophical beliefs",
        SexLife = "Sex life data",
        SexualOrientation = "Sexual orientation data",
        TradeUnionMembership = "Trade union membership",
        Unknown = "Unknown",
    }
}

coded_entries! {
    DataType {
        BasicPersonalIdentifiers = "basic_personal_identifiers",
        CriminalConvictions = "criminal_convictions",
        RacialOrEthnicOrigin = "racial_or_ethnic_origin",
        EconomicAndFinancial = "economic_and_financial",
        GenderReassignment = "gender_reassignment",
        GeneticOrBiometric = "genetic_or_biometric",
        Health = "health",
        Identification = "identification",
        Location = "location",
        OfficialDocuments = "official_documents",
        PoliticalOpinions = "political_opinions",
        Beliefs = "beliefs",
        SexLife = "sex_life",
        SexualOrientation = "sexual_orientation",
        TradeUnionMembership = "trade_union_membership",
        Unknown = "unknown",
    }
}

impl DataType {
    /// Whether the law gives such data special protection, as article 9 of the United Kingdom's general data protection regulation lists it. Data on
    /// convictions has a protection of its own, and is none of these. `None` of data of which nobody knows what it tells.
    pub const fn special(self) -> Option<bool> {
        match self {
            Self::RacialOrEthnicOrigin
            | Self::GeneticOrBiometric
            | Self::Health
            | Self::PoliticalOpinions
            | Self::Beliefs
            | Self::SexLife
            | Self::SexualOrientation
            | Self::TradeUnionMembership => Some(true),
            Self::Unknown => None,
            _ => Some(false),
        }
    }
}

closed! {
    /// Whom the data is about.
    SubjectType {
        Children = "Children",
        Customers = "Customers or prospective customers",
        Employees = "Employees",
        Patients = "Patients",
        Students = "Students",
        Subscribers = "Subscribers",
        Unknown = "Unknown",
        Users = "Users",
        VulnerableAdults = "Vulnerable adults",
    }
}

coded_entries! {
    SubjectType {
        Children = "children",
        Customers = "customers",
        Employees = "employees",
        Patients = "patients",
        Students = "students",
        Subscribers = "subscribers",
        Unknown = "unknown",
        Users = "users",
        VulnerableAdults = "vulnerable_adults",
    }
}

closed! {
    /// What the controller does.
    Sector {
        CentralGovernment = "Central Government",
        Charitable = "Charitable and voluntary",
        Education = "Education and childcare",
        Finance = "Finance, insurance and credit",
        GeneralBusiness = "General business",
        Health = "Health",
        Justice = "Justice",
        LandOrProperty = "Land or property services",
        Legal = "Legal",
        LocalGovernment = "Local government",
        Marketing = "Marketing",
        Media = "Media",
        Membership = "Membership association",
        Telecoms = "Online Technology and Telecoms",
        Political = "Political",
        Regulators = "Regulators",
        Religious = "Religious",
        Retail = "Retail and manufacture",
        SocialCare = "Social care",
        TransportAndLeisure = "Transport and leisure",
        Unassigned = "Unassigned",
        Unknown = "Unknown",
        Utilities = "Utilities",
    }
}

closed! {
    /// How many people are concerned.
    SizeBand {
        To9 = "1 to 9",
        To99 = "10 to 99",
        To1k = "100 to 1k",
        To10k = "1k to 10k",
        To100k = "10k to 100k",
        Above100k = "100k and above",
        Unknown = "Unknown",
    }
}

closed! {
    /// How long the controller took to notify.
    TimeBand {
        LessThan24Hours = "Less than 24 hours",
        To72Hours = "24 hours to 72 hours",
        ToAWeek = "72 hours to 1 week",
        MoreThanAWeek = "More than 1 week",
    }
}
