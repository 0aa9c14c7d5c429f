/** Disks that do not give back what was written to them. */
package dev.ashlar.acceptance.integrity;
