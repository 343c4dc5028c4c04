//! The client's secret (an access token, or an App Key): never printed, asked for once, and once more after a 401.

use super::redaction::Redaction;
use crate::base64;
use crate::clock::Clock;
use crate::error::{Error, OptionError};
use crate::latch::Latch;
use crate::text;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

/// Shorter secrets, like the API's `demo`, are not looked for: many words contain them.
pub(super) const SHORTEST_SECRET: usize = 5;
/// The same for the caller's own header fields, most of which are no secrets.
const SHORTEST_FIELD: usize = 8;

/// How a secret is sent (RFC 9110 §11.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// As a bearer token (RFC 6750 §2.1).
    Bearer,
    /// As a user name with an empty password (RFC 7617).
    Basic,
}

/// A secret text that cannot be printed.
#[derive(Clone)]
pub struct SecretText {
    text: Rc<str>,
    /// The form in which it is sent, if that differs.
    encoded: Option<Rc<str>>,
}

impl SecretText {
    /// Checks that `text` can be sent by `scheme`: in a header field (RFC 9110 §5.5: no control characters, no white
    /// space here), and for Basic without a colon, which would end the user name (RFC 7617 §2).
    pub fn new(scheme: Scheme, option: &str, text: &str) -> Result<Self, OptionError> {
        if text.is_empty() {
            return Err(OptionError::new(
                option,
                ["`", option, "` is empty; a secret was expected"].concat(),
            ));
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(OptionError::new(
                option,
                [
                    "`",
                    option,
                    "` has a character that no header field can carry (white space, a line break or one outside ASCII); \
                     check that it was copied whole and trimmed",
                ]
                .concat(),
            ));
        }
        let encoded = match scheme {
            Scheme::Bearer => None,
            Scheme::Basic if text.contains(':') => {
                return Err(OptionError::new(
                    option,
                    ["`", option, "` has a colon, which cannot be part of a user name; give the key alone"]
                        .concat(),
                ));
            }
            Scheme::Basic => Some(Rc::from(base64::encode_standard([text, ":"].concat().as_bytes()))),
        };
        Ok(Self { text: Rc::from(text), encoded })
    }

    /// Whether `text` shows the secret, in any encoding.
    pub fn is_in(&self, text: &str) -> bool {
        self.redaction(SHORTEST_SECRET, &[]).redact(text).is_some()
    }

    /// Takes the secret out of texts, and the values of the caller's own header fields, which may be secrets as well.
    /// Forms of the secret of less than `shortest` bytes are left: its text, and as it is sent, with and without padding.
    pub(super) fn redaction(&self, shortest: usize, headers: &[(String, String)]) -> Redaction {
        let sent = self.encoded.as_deref().unwrap_or_default();
        let mut secrets = Vec::new();
        for form in [&*self.text, sent, text::without_last(sent, b'=')] {
            if form.len() >= shortest {
                secrets.push(form.to_owned());
            }
        }
        for (_, value) in headers {
            if value.len() >= SHORTEST_FIELD {
                secrets.push(value.clone());
            }
        }
        Redaction::new(secrets)
    }

    /// The value of the Authorization field.
    pub fn authorization(&self) -> String {
        match &self.encoded {
            None => ["Bearer ", &self.text].concat(),
            Some(encoded) => ["Basic ", encoded].concat(),
        }
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(…)")
    }
}

/// Asks the user's function for a secret.
pub type SecretFunction = Rc<dyn Fn() -> LocalBoxFuture<'static, Result<SecretText, Error>>>;

/// Where the secret comes from.
pub enum SecretSource {
    /// A text that does not change.
    Fixed(SecretText),
    /// A function gives it; its answer is kept until a 401.
    Function(SecretFunction),
}

/// A secret as one request used it.
#[derive(Clone, Debug)]
pub struct SecretInUse {
    /// The text.
    pub text: SecretText,
    generation: u32,
}

/// The secret of a client.
pub struct Credential {
    source: SecretSource,
    generation: Cell<u32>,
    /// The answer of this generation, once it has been asked for.
    answer: RefCell<Option<Rc<Answer>>>,
}

#[derive(Default)]
struct Answer {
    text: RefCell<Option<Result<SecretText, Error>>>,
    there: Latch,
}

impl Credential {
    /// A secret from `source`.
    pub fn new(source: SecretSource) -> Self {
        Self { source, generation: Cell::new(0), answer: RefCell::default() }
    }

    /// Whether nobody has refused this secret since it was given out.
    pub fn is_current(&self, used: &SecretInUse) -> bool {
        matches!(self.source, SecretSource::Fixed(_)) || used.generation == self.generation.get()
    }

    /// The current secret. All calls that need it while it is being asked for share one answer.
    pub async fn current(&self, clock: &impl Clock) -> Result<SecretInUse, Error> {
        let ask = match &self.source {
            SecretSource::Fixed(text) => return Ok(SecretInUse { text: text.clone(), generation: 0 }),
            SecretSource::Function(ask) => ask,
        };
        let generation = self.generation.get();
        let known = self.answer.borrow().clone();
        let answer = known.unwrap_or_else(|| self.ask(ask, clock));
        answer.there.raised().await;
        let text = answer.text.borrow().clone();
        match text {
            Some(Ok(text)) => Ok(SecretInUse { text, generation }),
            Some(Err(error)) => {
                // A failed answer is not kept: the next call asks again.
                self.forget(generation);
                Err(error)
            }
            None => Err(Error::Closed),
        }
    }

    /// Asks in a task of its own: the call that needs it first may give up before the others.
    fn ask(&self, ask: &SecretFunction, clock: &impl Clock) -> Rc<Answer> {
        let answer = Rc::new(Answer::default());
        *self.answer.borrow_mut() = Some(answer.clone());
        let (asked, place) = (ask(), answer.clone());
        let task = async move {
            let text = asked.await;
            *place.text.borrow_mut() = Some(text);
            place.there.raise();
        };
        clock.spawn(task.boxed_local());
        answer
    }

    fn forget(&self, generation: u32) {
        if self.generation.get() == generation {
            self.generation.set(generation.wrapping_add(1));
            *self.answer.borrow_mut() = None;
        }
    }

    /// After a 401 with `used`: forgets that secret, unless another call has already done so. `false` if there is no
    /// way to get another one.
    pub fn refused(&self, used: &SecretInUse) -> bool {
        let another = matches!(self.source, SecretSource::Function(_));
        if another {
            self.forget(used.generation);
        }
        another
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    #[test]
    fn a_secret_is_found_however_it_is_encoded() {
        let secret = SecretText::new(Scheme::Bearer, "accessToken", "ab/cd+ef==Z").unwrap();
        for shown in [
            "ab/cd+ef==Z",
            "/v1/ab%2Fcd%2Bef%3D%3DZ/x",
            "?t=ab%2fcd%2bef%3d%3dZ&x",
            "#%61%62/cd+ef==%5A",
            "?next=%2Fx%3Ft%3Dab%252Fcd%252Bef%253D%253DZ",
            "?t=ab%2Fcd%20ef==Z",
            "?t=%25%36%31b/cd+ef==Z",
        ] {
            assert!(secret.is_in(shown), "{shown}");
        }
        for innocent in ["ab/cd", "AB/CD+EF==Z", "%61b%2Fcd", "100%", "%zz", ""] {
            assert!(!secret.is_in(innocent), "{innocent}");
        }
    }

    #[test]
    fn a_key_is_found_in_the_form_in_which_it_is_sent() {
        // Its base64 has both of the characters that are written in two ways.
        let secret = SecretText::new(Scheme::Basic, "appKey", "ab~cd?").unwrap();
        let sent = secret.authorization();
        let sent = sent.strip_prefix("Basic ").unwrap();
        assert_eq!(sent, "YWJ+Y2Q/Og==");
        for shown in [sent, "YWJ-Y2Q_Og", "?k=YWJ%2BY2Q%2fOg%3D%3D", "/YWJ+Y2Q/Og/x", "ab~cd?", "ab%7Ecd%3F"]
        {
            assert!(secret.is_in(shown), "{shown}");
        }
    }

    #[test]
    fn a_secret_of_a_few_letters_stands_in_many_words() {
        let secret = SecretText::new(Scheme::Bearer, "accessToken", "demo").unwrap();
        assert!(!secret.is_in("/human/medical/demographics"));
        assert!(secret.redaction(1, &[]).redact("req-demo").is_some());
    }
}
