// SPDX-License-Identifier: Apache-2.0
package io.gatehouse.server.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What the body of a request says: a record as JSON, without what is said elsewhere. */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@interface Says {
  /** The record. */
  Class<? extends Record> value();

  /** Its members that the body has not, since address, headers or caller say them. */
  String[] without() default {};
}
