//! The secret that opens the API: never printed, asked for once, and once more after a 401.

use crate::base64;
use crate::clock::Clock;
use crate::error::{Error, OptionError};
use crate::flag::Flag;
use crate::scan;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

/// How a secret is sent (RFC 9110 §11.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// As it is (RFC 6750 §2.1).
    Bearer,
    /// As a user name with an empty password (RFC 7617).
    Basic,
}

/// A secret text that cannot be printed.
#[derive(Clone)]
pub struct SecretText {
    text: Rc<str>,
    /// The form in which it is sent, where that is another.
    encoded: Option<Rc<str>>,
}

impl SecretText {
    /// Checks that `text` can be sent by `scheme`: in a header field (RFC 9110 §5.5: no control characters, no white space
    /// here), and for Basic without a colon, which would end the user name (RFC 7617 §2).
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

    /// Whether `text` shows the secret. One of a few letters, as the API's `demo` is, stands in many words.
    pub fn is_in(&self, text: &str) -> bool {
        self.forms().iter().any(|form| form.len() >= 5 && scan::contains(text, form))
    }

    /// The text itself, and the form in which it is sent: to find it where it must not be.
    pub fn forms(&self) -> Vec<&str> {
        let mut forms = vec![&*self.text];
        if let Some(encoded) = &self.encoded {
            forms.push(encoded);
        }
        forms
    }

    /// Value of the Authorization header.
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

/// Asks the caller for a secret.
pub type AskSecret = Rc<dyn Fn() -> LocalBoxFuture<'static, Result<SecretText, Error>>>;

/// Where the secret comes from.
pub enum Source {
    /// It is known and does not change.
    Fixed(SecretText),
    /// A function yields it; the answer is kept until a 401.
    Asked(AskSecret),
}

/// A secret as one request used it.
#[derive(Clone, Debug)]
pub struct Used {
    /// The text.
    pub text: SecretText,
    generation: u32,
}

/// The secret of a client.
pub struct Credential {
    source: Source,
    generation: Cell<u32>,
    /// The answer of this generation, asked for or there.
    answer: RefCell<Option<Rc<Answer>>>,
}

#[derive(Default)]
struct Answer {
    text: RefCell<Option<Result<SecretText, Error>>>,
    there: Flag,
}

impl Credential {
    /// A secret from `source`.
    pub fn new(source: Source) -> Self {
        Self { source, generation: Cell::new(0), answer: RefCell::default() }
    }

    /// The secret now; all who need it while it is being asked for share one answer.
    pub async fn current(&self, clock: &impl Clock) -> Result<Used, Error> {
        let ask = match &self.source {
            Source::Fixed(text) => return Ok(Used { text: text.clone(), generation: 0 }),
            Source::Asked(ask) => ask,
        };
        let generation = self.generation.get();
        let known = self.answer.borrow().clone();
        let answer = known.unwrap_or_else(|| self.ask(ask, clock));
        answer.there.raised().await;
        let text = answer.text.borrow().clone();
        match text {
            Some(Ok(text)) => Ok(Used { text, generation }),
            Some(Err(error)) => {
                // A failed answer is not kept: the next call asks again.
                self.forget(generation);
                Err(error)
            }
            None => Err(Error::Closed),
        }
    }

    /// Asks in a task of its own: whoever needs it first may give up before the others.
    fn ask(&self, ask: &AskSecret, clock: &impl Clock) -> Rc<Answer> {
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

    /// After a 401 with `used`: forgets that secret, unless another call has already done so. False where there is
    /// no other secret to be had.
    pub fn refused(&self, used: &Used) -> bool {
        let another = matches!(self.source, Source::Asked(_));
        if another {
            self.forget(used.generation);
        }
        another
    }
}
