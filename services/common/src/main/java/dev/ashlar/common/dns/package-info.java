/** How long addresses of names may be remembered. Called by the main classes before anything looks up a name. */
package dev.ashlar.common.dns;
