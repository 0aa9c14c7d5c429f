package dev.ashlar.cli.command;

import com.fasterxml.jackson.annotation.JsonInclude;

/** One item of a scan, and what {@code get -o json} prints. {@code value} is base64, absent when only keys were asked for. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ScanItem(String key, String value, long revision, String contentType) {}
