/** What stands behind the question mark of a request, read strictly: parameters, percent-encoding, durations. Pure. */
package dev.ashlar.common.query;
