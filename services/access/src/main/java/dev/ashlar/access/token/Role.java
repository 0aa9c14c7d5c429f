package dev.ashlar.access.token;

/** What a grant permits. {@code ADMIN} and {@code PEER} know no prefix. */
public enum Role {
    READ,
    WRITE,
    ADMIN,
    PEER
}
