//! Somebody at a browser, or a program of theirs: one connection, cookies and forms, or a token and JSON.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, IF_MATCH, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Client, Method, redirect};

/// A visitor with a session.
#[derive(Clone)]
pub struct Visitor {
    client: Client,
    at: String,
    cookies: BTreeMap<String, String>,
    /// The token of a program, which has no cookies.
    token: Option<String>,
}

/// An answer.
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub text: String,
    /// Where it leads.
    pub location: Option<String>,
    /// From sending the request to the last byte.
    pub took: Duration,
}

impl Visitor {
    /// Signs in with a link of the demonstration.
    pub async fn sign_in(at: &str, link: &str) -> Result<Self> {
        let client = Client::builder().redirect(redirect::Policy::none()).pool_max_idle_per_host(1).build()?;
        let mut visitor = Self { client, at: at.to_owned(), cookies: BTreeMap::new(), token: None };
        let page = visitor.get(link).await?;
        if page.status == 200 && page.text.contains(link) {
            let fields = hidden(&page.text);
            visitor.post(link, &fields).await?;
        }
        match visitor.get("/").await?.status {
            200 => Ok(visitor),
            status => bail!("nobody is signed in: / answers {status}"),
        }
    }

    /// The same person on a connection of their own.
    pub fn beside(&self) -> Result<Self> {
        let client = Client::builder().redirect(redirect::Policy::none()).pool_max_idle_per_host(1).build()?;
        Ok(Self { client, ..self.clone() })
    }

    /// A program of this person, which may read and change registers and cases, on a connection of its own.
    pub async fn program(&mut self) -> Result<Self> {
        let path = "/account/tokens/new";
        let mut fields = hidden(&self.get(path).await?.text);
        let given = [("name", "Bench"), ("days", "30")].into_iter();
        let scopes = ["registers:read", "registers:write", "cases:read", "cases:write"].map(|scope| ("scopes", scope));
        fields.extend(given.chain(scopes).map(|(name, value)| (name.to_owned(), value.to_owned())));
        let page = self.post(path, &fields).await?.text;
        let token = page.split("data-token>").nth(1).and_then(|rest| rest.split('<').next()).context("no token was given")?;
        Ok(Self { token: Some(token.to_owned()), cookies: BTreeMap::new(), ..self.beside()? })
    }

    /// Gets a page.
    pub async fn get(&mut self, path: &str) -> Result<Answer> {
        self.send(Method::GET, path, None, None).await
    }

    /// Posts JSON, as a program.
    pub async fn post_json(&mut self, path: &str, body: &serde_json::Value) -> Result<Answer> {
        self.send(Method::POST, path, Some(body.to_string()), None).await
    }

    /// Puts JSON over the version that was read, as a program.
    pub async fn put_json(&mut self, path: &str, version: &serde_json::Value, body: &serde_json::Value) -> Result<Answer> {
        self.send(Method::PUT, path, Some(body.to_string()), Some(version)).await
    }

    /// Takes a step at the version that was read, as a program.
    pub async fn step(&mut self, path: &str, version: &serde_json::Value, body: &serde_json::Value) -> Result<Answer> {
        self.send(Method::POST, path, Some(body.to_string()), Some(version)).await
    }

    /// Posts a form.
    pub async fn post(&mut self, path: &str, fields: &[(String, String)]) -> Result<Answer> {
        let body: String = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect::<Vec<_>>().join("&");
        self.send(Method::POST, path, Some(body), None).await
    }

    async fn send(&mut self, method: Method, path: &str, body: Option<String>, version: Option<&serde_json::Value>) -> Result<Answer> {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let mut request = self.client.request(method, format!("{}{path}", self.at));
        let kind = match &self.token {
            Some(token) => {
                request = request.header(AUTHORIZATION, format!("Bearer {token}"));
                "application/json"
            }
            None => {
                request = request.header(COOKIE, cookies).header(ORIGIN, &self.at);
                "application/x-www-form-urlencoded"
            }
        };
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, kind).body(body);
        }
        if let Some(version) = version {
            request = request.header(IF_MATCH, format!("\"{version}\""));
        }
        let began = Instant::now();
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        let headers = answer.headers().clone();
        let text = answer.text().await?;
        let took = began.elapsed();
        for value in headers.get_all(SET_COOKIE) {
            let pair = value.to_str()?.split(';').next().unwrap_or_default().to_owned();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let location = headers.get(LOCATION).and_then(|v| v.to_str().ok()).map(str::to_owned);
        Ok(Answer { status, text, location, took })
    }
}

/// The hidden fields of the first form in the main part of a page.
pub fn hidden(page: &str) -> Vec<(String, String)> {
    let main = page.find("<main").map_or(page, |at| &page[at..]);
    let form = main.find("<form").map_or(main, |at| &main[at..]);
    let form = form.find("</form>").map_or(form, |at| &form[..at]);
    let attribute = |tag: &str, name: &str| {
        let at = tag.find(&format!("{name}=\""))? + name.len() + 2;
        Some(tag[at..].split('"').next()?.to_owned())
    };
    let tags = form.split("<input ").skip(1).filter_map(|rest| rest.split('>').next());
    tags.filter(|tag| tag.contains("type=\"hidden\"")).filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?))).collect()
}

/// The ids that a page links to under `path`.
pub fn linked(page: &str, path: &str) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for rest in page.split(&format!("href=\"{path}/")).skip(1) {
        let id = rest.split(['"', '/', '?', '#']).next().unwrap_or_default();
        if uuid::Uuid::parse_str(id).is_ok() && !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    ids
}

/// The address of a list's next page.
pub fn next(page: &str) -> Result<Option<String>> {
    let Some(at) = page.find("rel=\"next\"") else { return Ok(None) };
    let tag = &page[page[..at].rfind('<').context("no link")?..];
    let href = tag.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).context("a link without an address")?;
    Ok(Some(href.replace("&amp;", "&")))
}

/// Text as an address and a form write it.
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}
