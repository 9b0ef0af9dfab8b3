//! A browser without a screen or JavaScript: it keeps cookies, follows links and redirects, fills in forms as they stand on the page.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use scraper::{ElementRef, Html, Selector};
use tower::ServiceExt as _;

/// Someone's browser.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    address: Option<std::net::SocketAddr>,
}

/// An answer, as the browser shows it.
#[derive(Debug, Clone)]
pub struct Page {
    /// The status of the last answer.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// The path it came from, after redirects.
    pub path: String,
    /// The body as text.
    pub body: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Browser {
    /// A fresh browser at this service.
    pub fn new(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new(), address: None }
    }

    /// The same browser at this IP address.
    #[must_use]
    pub fn at(mut self, address: &str) -> Self {
        self.address = Some(std::net::SocketAddr::new(address.parse().unwrap(), 50_000));
        self
    }

    /// Sets a cookie, for a stolen or forged one.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// The cookies held.
    pub fn cookies(&self) -> &BTreeMap<String, String> {
        &self.cookies
    }

    /// Opens `path`, following redirects.
    pub async fn get(&mut self, path: &str) -> Page {
        let mut page = self.send(Request::get(path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap(), path).await;
        for _ in 0..8 {
            if !page.status.is_redirection() {
                return page;
            }
            let to = page.location();
            page = self.send(Request::get(&to).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap(), &to).await;
        }
        panic!("too many redirects from {path}");
    }

    /// Posts `fields` to `path` as they are, without following a redirect.
    pub async fn post_raw(&mut self, path: &str, fields: &[(String, String)]) -> Page {
        let body = serde_urlencoded::to_string(fields).unwrap();
        let request = Request::post(path)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        self.send(request, path).await
    }

    /// Fills in the form on `page` whose action ends with `action`, changing or adding `fields`, presses its first button (or the one
    /// named in `fields`), and follows the redirect.
    pub async fn submit(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let answer = self.submit_only(page, action, fields).await;
        if answer.status.is_redirection() { self.get(&answer.location()).await } else { answer }
    }

    /// As [`Browser::submit`], without following the redirect.
    pub async fn submit_only(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let (path, filled) = page.fill(action, fields);
        self.post_raw(&path, &filled).await
    }

    /// As [`Browser::submit`] for a form with files, each given as field, name and bytes.
    pub async fn upload(&mut self, page: &Page, action: &str, files: &[(&str, &str, &[u8])]) -> Page {
        let answer = self.upload_only(page, action, &[], files).await;
        if answer.status.is_redirection() { self.get(&answer.location()).await } else { answer }
    }

    /// As [`Browser::upload`], changing or adding `fields`, without following the redirect.
    pub async fn upload_only(&mut self, page: &Page, action: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Page {
        let (path, filled) = page.fill(action, fields);
        let mut body = Vec::new();
        for (name, value) in &filled {
            body.extend(format!("--mark\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        for (field, name, bytes) in files {
            let head = format!("--mark\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n");
            body.extend(head.bytes().chain(bytes.iter().copied()).chain(*b"\r\n"));
        }
        body.extend(b"--mark--\r\n");
        self.upload_raw(&path, body).await
    }

    /// Posts a multipart body whose parts are set apart by `mark`, as it is.
    pub async fn upload_raw(&mut self, path: &str, body: Vec<u8>) -> Page {
        let request = Request::post(path)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=mark")
            .body(Body::from(body))
            .unwrap();
        self.send(request, path).await
    }

    /// Sends any request, with the cookies held.
    pub async fn send(&mut self, mut request: Request<Body>, path: &str) -> Page {
        if !self.cookies.is_empty() {
            let all: Vec<_> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            request.headers_mut().insert(header::COOKIE, all.join("; ").parse().unwrap());
        }
        if let Some(address) = self.address {
            request.extensions_mut().insert(axum::extract::ConnectInfo(address));
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if value.is_empty() || rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = body.collect().await.unwrap().to_bytes();
        Page {
            status: parts.status,
            headers: parts.headers,
            path: path.to_owned(),
            body: String::from_utf8_lossy(&body).into_owned(),
            bytes: body.to_vec(),
        }
    }
}

impl Page {
    /// Where a redirect leads.
    pub fn location(&self) -> String {
        self.headers
            .get(header::LOCATION)
            .unwrap_or_else(|| panic!("{} {} does not redirect", self.status, self.path))
            .to_str()
            .unwrap()
            .to_owned()
    }

    /// The text of the page's main part, blanks single.
    pub fn text(&self) -> String {
        let html = Html::parse_document(&self.body);
        let main = Selector::parse("main").unwrap();
        let text: Vec<_> = html.select(&main).flat_map(|m| m.text()).collect();
        let all = if text.is_empty() { self.body.clone() } else { text.join(" ") };
        all.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The texts of the elements that `selector` finds.
    pub fn select(&self, selector: &str) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).unwrap();
        html.select(&selector).map(|e| e.text().collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    /// The addresses of all links.
    pub fn links(&self) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse("a[href]").unwrap();
        html.select(&selector).filter_map(|e| e.value().attr("href")).map(str::to_owned).collect()
    }

    /// The address of the first link whose text contains `text`.
    pub fn link(&self, text: &str) -> String {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse("a[href]").unwrap();
        html.select(&selector)
            .find(|e| e.text().collect::<String>().contains(text))
            .and_then(|e| e.value().attr("href"))
            .unwrap_or_else(|| panic!("no link {text:?} on {}: {}", self.path, self.text()))
            .to_owned()
    }

    /// The addresses to which the page's forms post.
    pub fn actions(&self) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse("form").unwrap();
        let posting = html.select(&selector).filter(|f| f.value().attr("method").is_some_and(|m| m.eq_ignore_ascii_case("post")));
        posting.map(|f| f.value().attr("action").unwrap_or(&self.path).to_owned()).collect()
    }

    /// Whether the page has a form whose action ends with `action`.
    pub fn has_form(&self, action: &str) -> bool {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse("form").unwrap();
        html.select(&selector).any(|f| f.value().attr("action").unwrap_or(&self.path).ends_with(action))
    }

    /// The form's address and what it would send with `fields` filled in over what stands there.
    pub fn fill(&self, action: &str, fields: &[(&str, &str)]) -> (String, Vec<(String, String)>) {
        let html = Html::parse_document(&self.body);
        let forms = Selector::parse("form").unwrap();
        let form = html
            .select(&forms)
            .find(|f| f.value().attr("action").unwrap_or(&self.path).ends_with(action))
            .unwrap_or_else(|| panic!("no form {action:?} on {} ({}): {}", self.path, self.status, self.text()));
        let path = form.value().attr("action").unwrap_or(&self.path).to_owned();
        let mut sent: Vec<(String, String)> =
            standing(form).into_iter().filter(|(name, _)| !fields.iter().any(|(n, _)| n == name)).collect();
        sent.extend(fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        (path, sent)
    }
}

/// What a form sends as it stands, without its buttons.
fn standing(form: ElementRef<'_>) -> Vec<(String, String)> {
    let controls = Selector::parse("input[name], textarea[name], select[name]").unwrap();
    let options = Selector::parse("option").unwrap();
    let mut out = Vec::new();
    for control in form.select(&controls) {
        let element = control.value();
        let name = element.attr("name").unwrap_or_default().to_owned();
        if element.attr("disabled").is_some() || control.ancestors().any(|a| a.value().as_element().is_some_and(|e| e.name() == "template"))
        {
            continue;
        }
        match (element.name(), element.attr("type").unwrap_or("text")) {
            ("input", "checkbox" | "radio") if element.attr("checked").is_none() => {}
            ("input", "checkbox" | "radio") => out.push((name, element.attr("value").unwrap_or("on").to_owned())),
            ("input", "submit" | "button" | "file") => {}
            ("input", _) => out.push((name, element.attr("value").unwrap_or_default().to_owned())),
            ("select", _) => {
                let all: Vec<_> = control.select(&options).collect();
                if let Some(chosen) = all.iter().find(|o| o.value().attr("selected").is_some()).or_else(|| all.first()) {
                    out.push((name, chosen.value().attr("value").unwrap_or_default().to_owned()));
                }
            }
            _ => out.push((name, control.text().collect::<String>().trim_start_matches('\n').to_owned())),
        }
    }
    out
}
