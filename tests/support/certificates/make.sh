#!/bin/sh
# Makes the certificates that the SMTP tests use, valid from 2020 to 2120, beside this script.
#
#   authority   the one that tests trust
#   server      of that authority, for localhost and 127.0.0.1
#   elsewhere   of that authority, for another host
#   expired     of that authority, for localhost, over since 2001
#   foreign     for localhost, of an authority that nobody trusts
#
# Only needed to replace them: ./make.sh
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/openssl.conf" <<CONF
[ca]
default_ca = this
[this]
database = $work/index.txt
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
[here]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost,IP:127.0.0.1
[elsewhere]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = DNS:elsewhere.test
CONF
: > "$work/index.txt"

# request NAME KEY
request() {
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$2"
  openssl req -new -subj "/CN=$1" -key "$2" -out "$work/request.pem"
}

# sign EXTENSIONS CERTIFICATE START END (-selfsign -keyfile KEY | -keyfile KEY -cert CERTIFICATE)
sign() {
  extensions=$1 certificate=$2 start=$3 end=$4
  shift 4
  openssl ca -batch -notext -config "$work/openssl.conf" -extensions "$extensions" \
    -startdate "$start" -enddate "$end" -in "$work/request.pem" -out "$certificate" "$@" \
    2> "$work/log" || { cat "$work/log" >&2; exit 1; }
}

# authority NAME KEY CERTIFICATE
authority() {
  request "$1" "$2"
  sign authority "$3" 20200101000000Z 21200101000000Z -selfsign -keyfile "$2"
}

# certificate NAME EXTENSIONS AUTHORITY_KEY AUTHORITY [START END]
certificate() {
  request "$1" "$1.key.pem"
  sign "$2" "$1.pem" "${5:-20200101000000Z}" "${6:-21200101000000Z}" -keyfile "$3" -cert "$4"
}

# The authorities' keys are thrown away: nobody is to make another certificate of theirs.
authority "stillalive tests" "$work/authority.key.pem" authority.pem
authority "nobody trusts this" "$work/foreign.key.pem" "$work/foreign.pem"
certificate server here "$work/authority.key.pem" authority.pem
certificate elsewhere elsewhere "$work/authority.key.pem" authority.pem
certificate expired here "$work/authority.key.pem" authority.pem 20000101000000Z 20010101000000Z
certificate foreign here "$work/foreign.key.pem" "$work/foreign.pem"
