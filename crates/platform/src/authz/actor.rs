//! Who acts.

use std::collections::{HashMap, HashSet};

use cedar_policy::{Entity, RestrictedExpression};
use uuid::Uuid;

use crate::error::{Error, Result};

/// Which side of the table an actor's party sits on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The organisation that owns the data and lets the contracts.
    Authority,
    /// A supplier, sub-contractor or bidder.
    Supplier,
}

impl Side {
    /// The code used in policies, tables and texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Authority => "authority",
            Self::Supplier => "supplier",
        }
    }

    /// The side with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "authority" => Some(Self::Authority),
            "supplier" => Some(Self::Supplier),
            _ => None,
        }
    }
}

/// A signed-in account in the membership it acts with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountActor {
    /// The login.
    pub account: Uuid,
    /// Its name, for pages.
    pub name: String,
    /// The membership it acts with.
    pub membership: Uuid,
    /// The party of that membership.
    pub party: Uuid,
    /// The party's name, for pages.
    pub party_name: String,
    /// The side of the party.
    pub side: Side,
    /// The role, by code (`contract_manager`).
    pub role: String,
    /// The session.
    pub session: Uuid,
    /// Whether it signed in within the last minutes, with all its factors.
    pub fresh: bool,
    /// Whether this account may only read, like a visiting auditor's.
    pub read_only: bool,
    /// In whose place it acts, if not as itself.
    pub acts_for: Option<ActsFor>,
}

impl AccountActor {
    /// The account in whose place it acts, if not as itself.
    pub fn stands_for(&self) -> Option<Uuid> {
        self.acts_for.as_ref().map(|other| other.account)
    }
}

/// In whose place an account acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActsFor {
    /// Their login.
    pub account: Uuid,
    /// Their name, for pages.
    pub name: String,
}

/// Who acts; every ledger entry names one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody known.
    Anonymous,
    /// A signed-in account.
    Account(Box<AccountActor>),
    /// The holder of a link that was sent out, limited to its scope.
    Link {
        /// The link's id.
        id: Uuid,
        /// What it opens, as a code.
        scope: &'static str,
        /// What it opens, by id.
        on: Uuid,
    },
    /// Whoever runs the command on the machine itself.
    Operator,
    /// The service itself, in a job of this kind.
    Job(&'static str),
}

impl Actor {
    /// The kind and id under which the ledger names the actor.
    pub fn reference(&self) -> (&'static str, String) {
        match self {
            Self::Anonymous => ("anonymous", "anonymous".to_owned()),
            Self::Account(a) => ("account", a.account.to_string()),
            Self::Link { id, .. } => ("link", id.to_string()),
            Self::Operator => ("operator", "operator".to_owned()),
            Self::Job(kind) => ("job", (*kind).to_owned()),
        }
    }

    /// The membership, when an account acts.
    pub fn membership(&self) -> Option<Uuid> {
        self.account().map(|a| a.membership)
    }

    /// The account, when one acts.
    pub fn account(&self) -> Option<&AccountActor> {
        match self {
            Self::Account(account) => Some(account),
            _ => None,
        }
    }

    /// The account.
    ///
    /// # Errors
    /// [`Error::SignedOut`] when none acts.
    pub fn signed_in(&self) -> Result<&AccountActor> {
        self.account().ok_or(Error::SignedOut)
    }

    /// Whether the actor proved who it is just now. The operator and jobs always have.
    pub fn fresh(&self) -> bool {
        match self {
            Self::Account(account) => account.fresh,
            Self::Operator | Self::Job(_) => true,
            Self::Anonymous | Self::Link { .. } => false,
        }
    }

    /// Whether an account of the authority acts.
    pub fn is_authority(&self) -> bool {
        self.account().is_some_and(|a| a.side == Side::Authority)
    }

    /// The role code, when an account acts.
    pub fn role(&self) -> Option<&str> {
        self.account().map(|a| a.role.as_str())
    }

    /// The actor as Cedar's principal.
    pub(super) fn entity(&self, types: &super::Types) -> Result<Entity> {
        let text = |value: &str| RestrictedExpression::new_string(value.to_owned());
        let (kind, id, attrs) = match self {
            Self::Anonymous => ("Anonymous", "anonymous".to_owned(), HashMap::new()),
            Self::Operator => ("Operator", "operator".to_owned(), HashMap::new()),
            Self::Job(job) => ("Job", (*job).to_owned(), HashMap::new()),
            Self::Link { id, scope, on } => (
                "Link",
                id.to_string(),
                HashMap::from([
                    ("link".to_owned(), text(&id.to_string())),
                    ("scope".to_owned(), text(scope)),
                    ("on".to_owned(), text(&on.to_string())),
                ]),
            ),
            Self::Account(a) => {
                let mut attrs = HashMap::from([
                    ("account".to_owned(), text(&a.account.to_string())),
                    ("party".to_owned(), text(&a.party.to_string())),
                    ("role".to_owned(), text(&a.role)),
                    ("side".to_owned(), text(a.side.code())),
                    ("read_only".to_owned(), RestrictedExpression::new_bool(a.read_only)),
                ]);
                attrs.extend(a.stands_for().map(|other| ("acts_for".to_owned(), text(&other.to_string()))));
                ("Account", a.account.to_string(), attrs)
            }
        };
        Entity::new(super::uid(types, kind, &id)?, attrs, HashSet::new()).map_err(Error::internal)
    }
}
