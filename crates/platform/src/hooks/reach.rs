//! Which addresses messages may go to: public ones only, unless the settings say otherwise. A hook is written by an administrator, but a name
//! may come to mean an address inside the authority's own network later, so it is looked up and judged before every message, and the
//! connection is made to what was judged.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::{Host, Url};

use crate::error::{Error, Result};
use crate::texts::Text;

/// Characters that an address may have.
pub const LONGEST: usize = 500;

/// An address that may be written to.
///
/// # Errors
/// [`Error::Invalid`] on `field` when it is no address, or not `https` (`http` only where private addresses are allowed), carries a password,
/// or names a private address outright.
pub fn address(text: &str, private: bool, field: &str) -> Result<Url> {
    let fault = |id: &'static str| Error::field(field, Text::new(id));
    if text.chars().count() > LONGEST {
        return Err(Error::field(field, Text::new("error-too-long").with("max", LONGEST)));
    }
    let url: Url = text.trim().parse().map_err(|_| fault("webhook-url-wrong"))?;
    if url.scheme() != "https" && !(private && url.scheme() == "http") {
        return Err(fault("webhook-url-https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(fault("webhook-url-password"));
    }
    let literal = match url.host() {
        Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
        Some(Host::Domain(_)) => None,
        None => return Err(fault("webhook-url-wrong")),
    };
    match literal {
        Some(ip) if !private && !is_public(ip) => Err(fault("webhook-url-private")),
        _ => Ok(url),
    }
}

/// Where the name in `url` leads now: every address that it may be written to.
///
/// # Errors
/// `unknown-host` when it leads nowhere; `private` when any of its addresses is not public.
pub async fn look_up(url: &Url, private: bool) -> Result<Vec<SocketAddr>, &'static str> {
    let port = url.port_or_known_default().ok_or("unknown-host")?;
    let found: Vec<SocketAddr> = match url.host() {
        Some(Host::Ipv4(ip)) => vec![SocketAddr::new(ip.into(), port)],
        Some(Host::Ipv6(ip)) => vec![SocketAddr::new(ip.into(), port)],
        Some(Host::Domain(name)) => tokio::net::lookup_host((name, port)).await.map_err(|_| "unknown-host")?.collect(),
        None => return Err("unknown-host"),
    };
    if found.is_empty() {
        return Err("unknown-host");
    }
    if private || found.iter().all(|at| is_public(at.ip())) { Ok(found) } else { Err("private") }
}

/// Whether an address is reached over the public internet, by the registries of special addresses (RFC 6890 and its updates).
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => public_v4(ip),
        IpAddr::V6(ip) => public_v6(ip),
    }
}

fn public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = match a {
        0 | 10 | 127 => true,
        100 => (64..128).contains(&b),
        169 => b == 254,
        172 => (16..32).contains(&b),
        192 => matches!((b, c), (168, _) | (0, 0 | 2) | (88, 99)),
        198 => matches!((b, c), (18 | 19, _) | (51, 100)),
        203 => (b, c) == (0, 113),
        224.. => true,
        _ => false,
    };
    !special
}

fn public_v6(ip: Ipv6Addr) -> bool {
    if let Some(inner) = ip.to_ipv4_mapped() {
        return public_v4(inner);
    }
    let [a, b, ..] = ip.segments();
    // Only 2000::/3 is given out. Within it: protocol assignments with Teredo, documentation, and 6to4, which carries any IPv4 address.
    let special = (a == 0x2001 && (b < 0x0200 || b == 0x0db8)) || a == 0x2002 || (a == 0x3fff && b < 0x1000);
    (0x2000..0x4000).contains(&a) && !special
}
