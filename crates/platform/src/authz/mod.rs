//! Authorization: who acts, what is asked, and Cedar's answer. The product brings schema and policies (`authz/` at the root); here they
//! are validated, asked, and their verdict named. A page asks the same question as the write.

mod actor;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::str::FromStr as _;
use std::sync::OnceLock;

use cedar_policy::{
    ActionConstraint, Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, Policy, PolicyId, PolicySet,
    Request, RequestValidationError, RestrictedExpression, Schema, SchemaFragment, ValidationMode, Validator,
};

pub use actor::{AccountActor, Actor, ActsFor, Side};

use crate::error::{Error, Refusal, Result};

/// An attribute of a resource, as policies read it. Instants, amounts and names do not belong here: policies decide on ids and codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attr {
    /// A code or an id.
    Text(String),
    /// A yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// Several codes or ids.
    Set(BTreeSet<String>),
}

impl From<&str> for Attr {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<String> for Attr {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
impl From<uuid::Uuid> for Attr {
    fn from(value: uuid::Uuid) -> Self {
        Self::Text(value.to_string())
    }
}
impl From<bool> for Attr {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}
impl From<i64> for Attr {
    fn from(value: i64) -> Self {
        Self::Number(value)
    }
}

/// What an action is done to: its kind (`proposal`), id, and the attributes that policies read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// The kind, in snake case; the Cedar entity type is the same in camel case (`AccountRecord` for `account`).
    pub kind: &'static str,
    /// The id.
    pub id: String,
    /// Attributes by name. One that does not apply is left out, not empty.
    pub attrs: Vec<(&'static str, Attr)>,
}

impl Resource {
    /// A resource without attributes.
    pub fn new(kind: &'static str, id: impl ToString) -> Self {
        Self { kind, id: id.to_string(), attrs: Vec::new() }
    }

    /// With an attribute.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Attr>) -> Self {
        self.attrs.push((name, value.into()));
        self
    }

    /// With an attribute that may not apply.
    #[must_use]
    pub fn maybe(mut self, name: &'static str, value: Option<impl Into<Attr>>) -> Self {
        if let Some(value) = value {
            self.attrs.push((name, value.into()));
        }
        self
    }

    /// With a set of ids or codes.
    #[must_use]
    pub fn set(mut self, name: &'static str, values: impl IntoIterator<Item = impl ToString>) -> Self {
        self.attrs.push((name, Attr::Set(values.into_iter().map(|v| v.to_string()).collect())));
        self
    }
}

/// Something that authorization can be asked about.
pub trait Guarded {
    /// The resource as policies see it.
    fn resource(&self) -> Resource;
}

impl Guarded for Resource {
    fn resource(&self) -> Resource {
        self.clone()
    }
}

/// The loaded policies.
pub struct Authz {
    schema: Schema,
    /// All policies, each with an id of its own.
    policies: Vec<Policy>,
    /// Every action of the schema, by name.
    actions: HashMap<String, Act>,
    /// The entity types of the schema, by name: a name that is read once is not read again in each question.
    types: Types,
    authorizer: Authorizer,
}

/// Entity types by name.
type Types = HashMap<String, EntityTypeName>;

/// An action.
struct Act {
    /// With the groups that it is in.
    entity: Entity,
    /// The policies that can speak of it, by their place among all. The others never match; asked without them, an answer takes a fraction of the time.
    speak: Vec<usize>,
    /// The same, put together when it is first asked about: few of all actions ever are.
    policies: OnceLock<PolicySet>,
}

/// Who acts and what on, as Cedar reads them; the same for every action asked about.
struct Asked {
    principal: EntityUid,
    resource: EntityUid,
    entities: Entities,
}

/// One feature's part: `authz/<name>.cedarschema` and `authz/<name>.cedar`.
#[derive(Debug, Clone, Copy)]
pub struct PolicyFile {
    /// The feature.
    pub name: &'static str,
    /// Its entity types and actions. Every kind has the action `<kind>.view`, in the group `view`.
    pub schema: &'static str,
    /// Its policies.
    pub policies: &'static str,
}

impl Authz {
    /// Loads the files of all features together. Every policy must carry an `@id("…")`, unique: refusals name it. That they keep to the schema,
    /// [`Authz::validate`] says: it costs more than all the rest of a start, and of files that are part of the program a test asks it once.
    ///
    /// # Errors
    /// [`Error::Internal`] naming the file and the fault.
    pub fn load(files: &[PolicyFile]) -> Result<Self> {
        let mut fragments = Vec::new();
        let mut policies = PolicySet::new();
        for file in files {
            let (fragment, _) = SchemaFragment::from_cedarschema_str(file.schema)
                .map_err(|e| Error::internal(format!("authz/{}.cedarschema: {e:?}", file.name)))?;
            fragments.push(fragment);
            let set = PolicySet::from_str(file.policies).map_err(|e| Error::internal(format!("authz/{}.cedar: {e:?}", file.name)))?;
            for policy in set.policies() {
                let id = policy
                    .annotation("id")
                    .ok_or_else(|| Error::internal(format!("authz/{}.cedar: a policy lacks @id: {policy}", file.name)))?;
                policies.add(policy.new_id(PolicyId::new(id))).map_err(|e| Error::internal(format!("authz/{}.cedar: {e}", file.name)))?;
            }
        }
        let schema = Schema::from_schema_fragments(fragments).map_err(|e| Error::internal(format!("authz schema: {e:?}")))?;
        let policies: Vec<Policy> = policies.policies().cloned().collect();
        let actions = acts(&schema, &policies)?;
        let types = schema.entity_types().map(|name| (name.to_string(), name.clone())).collect();
        Ok(Self { schema, policies, actions, types, authorizer: Authorizer::new() })
    }

    /// Checks every policy against the schema.
    ///
    /// # Errors
    /// [`Error::Internal`] with all faults.
    pub fn validate(&self) -> Result<()> {
        let verdict = Validator::new(self.schema.clone()).validate(&together(self.policies.iter().cloned())?, ValidationMode::Strict);
        if verdict.validation_passed() {
            return Ok(());
        }
        let faults: Vec<_> = verdict.validation_errors().map(ToString::to_string).collect();
        Err(Error::internal(format!("authz policies: {}", faults.join("; "))))
    }

    /// The ids of all policies, sorted.
    pub fn policy_ids(&self) -> Vec<String> {
        let mut ids: Vec<_> = self.policies.iter().map(|p| p.id().to_string()).collect();
        ids.sort();
        ids
    }

    /// All actions that the schema knows, sorted.
    pub fn actions(&self) -> Vec<String> {
        let mut all: Vec<_> = self.actions.keys().cloned().collect();
        all.sort();
        all
    }

    /// Asks: may `actor` do `action` on `on`? What an actor may not view is hidden from it, whatever the action.
    ///
    /// # Errors
    /// [`Error::Refused`] with the policy's id; [`Error::SignInAgain`] when only a recent sign-in is lacking; [`Error::Internal`] when
    /// action, kind and attributes do not fit the schema.
    pub fn check(&self, actor: &Actor, action: &'static str, on: &impl Guarded) -> Result<()> {
        let on = on.resource();
        let refuse = |policy: String, hidden: bool| {
            Err(Error::Refused(Box::new(Refusal { action, kind: on.kind, id: on.id.clone(), policy, hidden })))
        };
        let view = format!("{}.view", on.kind);
        let asked = self.asked(actor, [view.as_str(), action], &on)?;
        if let Some(policy) = self.ask(&asked, &view, on.kind, actor.fresh())? {
            return refuse(policy, true);
        }
        if action == view {
            return Ok(());
        }
        match self.ask(&asked, action, on.kind, actor.fresh())? {
            None => Ok(()),
            Some(_) if !actor.fresh() && self.ask(&asked, action, on.kind, true)?.is_none() => Err(Error::SignInAgain),
            Some(policy) => refuse(policy, false),
        }
    }

    /// Whether [`Authz::check`] would permit it, or would after signing in again: for showing a button.
    pub fn may(&self, actor: &Actor, action: &'static str, on: &impl Guarded) -> bool {
        match self.check(actor, action, on) {
            Ok(()) | Err(Error::SignInAgain) => true,
            Err(Error::Internal(fault)) => {
                tracing::error!(cause = %format!("{fault:#}"), action, "a button could not be decided on");
                false
            }
            Err(_) => false,
        }
    }

    /// Those of `actions` that [`Authz::may`] says yes to: what they have in common is asked once, for pages and lists with many buttons.
    pub fn which(&self, actor: &Actor, actions: impl IntoIterator<Item = &'static str>, on: &impl Guarded) -> Vec<&'static str> {
        let on = on.resource();
        let view = format!("{}.view", on.kind);
        let actions: Vec<_> = actions.into_iter().collect();
        let all = || {
            let asked = self.asked(actor, actions.iter().copied().chain([view.as_str()]), &on)?;
            if self.ask(&asked, &view, on.kind, actor.fresh())?.is_some() {
                return Ok(Vec::new());
            }
            let mut may = Vec::new();
            for &action in &actions {
                let now = self.ask(&asked, action, on.kind, actor.fresh())?.is_none();
                if now || (!actor.fresh() && self.ask(&asked, action, on.kind, true)?.is_none()) {
                    may.push(action);
                }
            }
            Ok::<_, Error>(may)
        };
        all().unwrap_or_else(|fault| {
            tracing::error!(cause = %format!("{fault:#}"), kind = on.kind, "buttons could not be decided on");
            Vec::new()
        })
    }

    /// What `actions` on a thing are asked about. Of all actions only these are brought along, and that attributes are as the schema has
    /// them is looked at where the tests run: both cost more than the answer, and a policy that errs is a no in any case.
    fn asked<'a>(&self, actor: &Actor, actions: impl IntoIterator<Item = &'a str>, on: &Resource) -> Result<Asked> {
        let fault = |e: &dyn std::fmt::Display| Error::internal(format!("authorization on {}: {e}", on.kind));
        let principal = actor.entity(&self.types).map_err(|e| fault(&e))?;
        let resource = uid(&self.types, &camel(on.kind), &on.id)?;
        let attrs = on.attrs.iter().map(|(name, value)| ((*name).to_owned(), expression(value))).collect();
        let thing = Entity::new(resource.clone(), attrs, HashSet::new()).map_err(|e| fault(&e))?;
        let who = principal.uid();
        let named: BTreeSet<&str> = actions.into_iter().collect();
        let acts = named.iter().map(|name| self.act(name).map(|act| act.entity.clone())).collect::<Result<Vec<_>>>()?;
        if cfg!(debug_assertions) {
            Entities::from_entities([principal.clone(), thing.clone()], Some(&self.schema)).map_err(|e| fault(&e))?;
        }
        let no_schema: Option<&Schema> = None;
        let entities = Entities::from_entities([principal, thing].into_iter().chain(acts), no_schema).map_err(|e| fault(&e))?;
        Ok(Asked { principal: who, resource, entities })
    }

    /// The policies that can speak of an action.
    fn speaking<'a>(&self, act: &'a Act) -> Result<&'a PolicySet> {
        if let Some(ready) = act.policies.get() {
            return Ok(ready);
        }
        let own = together(act.speak.iter().filter_map(|at| self.policies.get(*at)).cloned())?;
        Ok(act.policies.get_or_init(|| own))
    }

    fn act(&self, action: &str) -> Result<&Act> {
        self.actions.get(action).ok_or_else(|| Error::internal(format!("the schema has no action {action}")))
    }

    /// `None` when permitted, else the policy that forbade it or `nothing-permits`.
    fn ask(&self, asked: &Asked, action: &str, kind: &str, fresh: bool) -> Result<Option<String>> {
        let fault = |e: &dyn std::fmt::Display| fault(action, kind, e);
        let context = Context::from_pairs([("fresh".to_owned(), RestrictedExpression::new_bool(fresh))]).map_err(|e| fault(&e))?;
        let (principal, resource, act) = (asked.principal.clone(), asked.resource.clone(), self.act(action)?);
        let request = match Request::new(principal, act.entity.uid(), resource, context, Some(&self.schema)) {
            Ok(request) => request,
            // Nobody of this kind ever does that: no fault, but a no, and recorded as one.
            Err(RequestValidationError::InvalidPrincipalType(_)) => return Ok(Some("nothing-permits".to_owned())),
            Err(error) => return Err(fault(&error)),
        };
        let answer = self.authorizer.is_authorized(&request, self.speaking(act)?, &asked.entities);
        // A policy that errs is skipped by Cedar; validated policies do not err, so one that does is a fault of ours, and no.
        if let Some(error) = answer.diagnostics().errors().next() {
            return Err(fault(&error));
        }
        Ok(match answer.decision() {
            Decision::Allow => None,
            Decision::Deny => {
                Some(answer.diagnostics().reason().map(ToString::to_string).min().unwrap_or_else(|| "nothing-permits".to_owned()))
            }
        })
    }
}

fn fault(action: &str, kind: &str, error: &dyn std::fmt::Display) -> Error {
    Error::internal(format!("authorization of {action} on {kind}: {error}"))
}

/// Every action with the policies that can match it: those that name it, a group that it is in, or none.
fn acts(schema: &Schema, policies: &[Policy]) -> Result<HashMap<String, Act>> {
    let groups = schema.action_entities().map_err(|e| Error::internal(format!("authz actions: {e}")))?;
    let constraints: Vec<ActionConstraint> = policies.iter().map(Policy::action_constraint).collect();
    let mut all = HashMap::new();
    for action in schema.actions() {
        let within = |other: &EntityUid| other == action || groups.is_ancestor_of(other, action);
        let speaks = |constraint: &ActionConstraint| match constraint {
            ActionConstraint::Any => true,
            ActionConstraint::Eq(one) => one == action,
            ActionConstraint::In(several) => several.iter().any(within),
        };
        let speak = constraints.iter().enumerate().filter(|(_, constraint)| speaks(constraint)).map(|(at, _)| at).collect();
        let entity = groups.get(action).ok_or_else(|| Error::internal(format!("the schema does not know its action {action}")))?.clone();
        all.insert(action.id().unescaped().to_owned(), Act { entity, speak, policies: OnceLock::new() });
    }
    Ok(all)
}

/// Policies as Cedar asks them.
fn together(policies: impl IntoIterator<Item = Policy>) -> Result<PolicySet> {
    PolicySet::from_policies(policies).map_err(|e| Error::internal(format!("authz policies: {e}")))
}

fn expression(value: &Attr) -> RestrictedExpression {
    match value {
        Attr::Text(text) => RestrictedExpression::new_string(text.clone()),
        Attr::Flag(flag) => RestrictedExpression::new_bool(*flag),
        Attr::Number(number) => RestrictedExpression::new_long(*number),
        Attr::Set(set) => RestrictedExpression::new_set(set.iter().map(|v| RestrictedExpression::new_string(v.clone()))),
    }
}

fn uid(types: &Types, kind: &str, id: &str) -> Result<EntityUid> {
    let name = types.get(kind).ok_or_else(|| Error::internal(format!("the schema has no entity type {kind}")))?;
    Ok(EntityUid::from_type_name_and_id(name.clone(), EntityId::new(id)))
}

/// The entity type of a kind. `Account` is who acts; an account as the thing acted on is an `AccountRecord`, and so with all principals.
fn camel(kind: &str) -> String {
    let record = if ["account", "link", "job", "operator", "anonymous"].contains(&kind) { "Record" } else { "" };
    kind.split('_')
        .map(|part| {
            let mut chars = part.chars();
            chars.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + chars.as_str())
        })
        .chain([record.to_owned()])
        .collect()
}
