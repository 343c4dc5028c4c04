mod http_date;
mod instants;
