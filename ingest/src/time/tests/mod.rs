mod basic;
mod http_date;
mod rfc3339;
